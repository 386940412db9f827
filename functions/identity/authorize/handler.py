"""Lambda authorizer of every service's API — say whose token or API key a request carries."""

from shared.identity.http.authorize import lambda_handler
from shared.identity import wiring
from shared.identity.queries.identify_caller import IdentifyCallerHandler

handler = lambda_handler(wiring, IdentifyCallerHandler)
