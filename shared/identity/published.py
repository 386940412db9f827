"""The events that identity publishes (``events/schemas``)."""

from collections.abc import Mapping

EVENTS: Mapping[str, int] = {
    "api_key.created": 1,
    "api_key.revoked": 1,
    "security.token_reused": 1,
    "session.ended": 1,
    "session.started": 1,
    "user.deactivated": 1,
    "user.login_failed": 1,
    "user.login_locked_out": 1,
    "user.login_recovered": 1,
    "user.password_changed": 1,
    "user.permission_granted": 1,
    "user.permission_revoked": 1,
    "user.reactivated": 1,
    "user.registered": 1,
    "user.roles_changed": 1,
}
"""Type → the version that is written today."""
