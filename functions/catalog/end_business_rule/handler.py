"""POST /api/v1/business-rules/{subject}/{business_rule_id}/end — end a rule at once."""

from shared.platform.http import create_app, lambda_handler  # first: it rests the collector

# isort: split
from shared.catalog import wiring  # noqa: F401  # registers the services
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.rules import BusinessRuleView, SubjectPath, known_rule
from shared.catalog.use_cases.end_business_rule import EndBusinessRule, EndBusinessRuleHandler
from shared.platform.commands import execute
from shared.platform.injection import Inject
from shared.platform.permissions import Permission
from shared.platform.reply import Reply
from shared.platform.security import require_permission

app = create_app("catalog")


@app.post(
    "/api/v1/business-rules/{subject}/{business_rule_id}/end",
    dependencies=[require_permission(Permission.PRODUCT_ADMIN)],
)
async def endpoint(
    subject: SubjectPath,
    business_rule_id: str,
    end_business_rule: Inject[EndBusinessRuleHandler],
) -> Reply[BusinessRuleView]:
    command = EndBusinessRule(subject=subject, rule_id=known_rule(business_rule_id))
    return Reply(BusinessRuleView.of(execute(end_business_rule, command, returns=RuleDetails)))


handler = lambda_handler(app)
