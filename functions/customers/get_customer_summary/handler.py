"""GET /api/v1/customers/{customer_id}/summary — show the summary of a customer's orders."""

from shared.platform.http.app import create_app, lambda_handler
from shared.customers import wiring
from shared.customers.http.parameters import CustomerReach, checked_id
from shared.customers.http.views import CustomerSummaryView
from shared.customers.queries.get_customer_summary import (
    GetCustomerSummary,
    GetCustomerSummaryHandler,
)
from shared.platform.access.permissions import Permission
from shared.platform.access.security import require_permission
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply

app = create_app(wiring, says="This is the summary of customer {customer_id}.")


@app.get(
    "/api/v1/customers/{customer_id}/summary",
    dependencies=[require_permission(Permission.ORDER_READ)],
)
async def endpoint(
    customer_id: str,
    reach: CustomerReach,
    get_customer_summary: Inject[GetCustomerSummaryHandler],
) -> Reply[CustomerSummaryView]:
    query = GetCustomerSummary(
        customer_id=checked_id(customer_id),
        requested_by=reach.user_id,
        reads_everybody=reach.everybodys,
    )
    return Reply(CustomerSummaryView.of(get_customer_summary(query)))


handler = lambda_handler(app)
