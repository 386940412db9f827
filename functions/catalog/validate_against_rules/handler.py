"""POST /api/v1/business-rules/{subject}/validate — which rules a candidate would break."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.http.rule_parameters import SubjectPath
from shared.catalog.http.validate_against_rules import CandidateBody, VerdictView
from shared.catalog.queries.validate_against_rules import ValidateAgainstRulesHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="The candidate breaks {count:business rule|business rules}.")


@app.post(
    "/api/v1/business-rules/{subject}/validate",
    dependencies=[require_permission(Permission.PRODUCT_CREATE)],
)
async def endpoint(
    subject: SubjectPath,
    body: CandidateBody,
    validate_against_rules: Inject[ValidateAgainstRulesHandler],
) -> Reply[VerdictView]:
    broken = validate_against_rules(body.to_query(subject))
    return Reply(VerdictView.of(broken), values={"count": len(broken)})


handler = lambda_handler(app)
