"""POST /api/v1/auth/register — open an account."""

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.http.key_parameters import identify
from shared.identity.http.register import RegisterBody, UserView
from shared.identity.use_cases.register_user import RegisteredUser, RegisterUserHandler
from shared.platform.access.security import public
from shared.platform.entry.commands import execute
from shared.platform.http.injection import Inject
from shared.platform.http.reply import Reply, created
from shared.platform.rate_limits.rules import rate_limit

limits = (
    rate_limit("20 registrations an hour per ip", fail_closed=True),
    rate_limit("200 registrations of a network an hour per network", fail_closed=True),
    rate_limit("6000 registrations of everybody an hour per all", fail_closed=True),
)
app = create_app(
    wiring,
    says="Account {data.id} is created; you can log in now.",
    secret_body=True,
    limits=limits,
    identify=identify,
)


@app.post("/api/v1/auth/register", status_code=201, dependencies=[public])
async def endpoint(
    body: RegisterBody, register_user: Inject[RegisterUserHandler]
) -> Reply[UserView]:
    user = execute(register_user, body.to_command(), returns=RegisteredUser)
    return created(UserView.of(user), location="/api/v1/users/me")


handler = lambda_handler(app)
