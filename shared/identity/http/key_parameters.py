"""Whose API key comes to a route without an authorizer, for who states a buyer's address there."""

from shared.identity.queries.identify_program import IdentifyProgram, IdentifyProgramHandler
from shared.kernel.errors import AuthenticationFailed
from shared.platform.runtime.services import get_service


def identify(key: str) -> dict[str, str]:
    """Return what the authorizer would say of *key*: one read, where the header is sent at all."""
    try:
        return {"kind": "user", **get_service(IdentifyProgramHandler)(IdentifyProgram(key=key))}
    except AuthenticationFailed as refused:
        return {"kind": "invalid", "reason": str(refused.details.get("reason", "refused"))}
