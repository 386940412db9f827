"""GET /.well-known/jwks.json — publish the keys that access tokens are verified with."""

from typing import Any

from shared.platform.http.app import create_app, lambda_handler
from shared.identity import wiring
from shared.identity.adapters.jwk_set import JwkSet
from shared.identity.domain.key_ring import CACHED_SECONDS
from shared.platform.access.security import public
from shared.platform.http.injection import Inject
from shared.platform.http.middleware.envelope import EnvelopeMiddleware
from shared.platform.http.reply import Reply

# RFC 7517 says how the body looks: no envelope around it.
app = create_app(wiring, without=(EnvelopeMiddleware,))


@app.get("/.well-known/jwks.json", dependencies=[public])
async def endpoint(keys: Inject[JwkSet]) -> Reply[Any]:
    kept = f"public, max-age={CACHED_SECONDS}"
    headers = {"cache-control": kept, "content-type": "application/jwk-set+json"}
    return Reply(keys(), headers=headers)


handler = lambda_handler(app)
