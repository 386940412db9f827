"""POST /api/v1/business-rules/{subject} — add a rule that products or order lines must meet."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.http.add_business_rule import BusinessRuleBody
from shared.catalog.http.rule_parameters import SubjectPath
from shared.catalog.http.rule_views import BusinessRuleView
from shared.catalog.use_cases.add_business_rule import AddBusinessRuleHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="Business rule {data.id} is added.")


@app.post(
    "/api/v1/business-rules/{subject}",
    status_code=201,
    dependencies=[require_permission(Permission.PRODUCT_ADMIN)],
)
async def endpoint(
    subject: SubjectPath,
    body: BusinessRuleBody,
    add_business_rule: Inject[AddBusinessRuleHandler],
) -> Reply[BusinessRuleView]:
    rule = execute(add_business_rule, body.to_command(subject), returns=RuleDetails)
    # A rule has no address of its own: it is the newest of its list.
    headers = {"location": f"/api/v1/business-rules/{subject}"}
    return Reply(BusinessRuleView.of(rule), status=201, headers=headers)


handler = lambda_handler(app)
