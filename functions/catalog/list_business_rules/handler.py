"""GET /api/v1/business-rules/{subject} — list rules, those that have ended too."""

from shared.platform.http.app import create_app, lambda_handler
from shared.catalog import wiring
from shared.catalog.http.list_business_rules import RulesPage, rules_query
from shared.catalog.http.rule_parameters import SubjectPath
from shared.catalog.http.rule_views import BusinessRuleView
from shared.catalog.queries.list_business_rules import ListBusinessRulesHandler
from shared.platform.access.permissions import Permission
from shared.platform.access.security import CurrentUser, require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.pagination import page_reply
from shared.platform.http.reply import Items, Reply

app = create_app(wiring, says="{count:business rule|business rules} found.")


@app.get(
    "/api/v1/business-rules/{subject}",
    dependencies=[require_permission(Permission.PRODUCT_CREATE)],
)
async def endpoint(
    subject: SubjectPath,
    page: RulesPage,
    user: CurrentUser,
    list_business_rules: Inject[ListBusinessRulesHandler],
) -> Reply[Items[BusinessRuleView]]:
    found = list_business_rules(rules_query(subject, page, user))
    return page_reply(found.map(BusinessRuleView.of), page)


handler = lambda_handler(app)
