"""POST /api/v1/business-rules/{subject}/{business_rule_id}/end — end a rule at once."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.http.rule_parameters import SubjectPath, known_rule
from shared.catalog.http.rule_views import BusinessRuleView
from shared.catalog.use_cases.end_business_rule import EndBusinessRule, EndBusinessRuleHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Business rule {business_rule_id} has ended.")


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
