"""Where MiniStack's HTTP APIs answer otherwise than API Gateway's, as far as a browser sees it.

An ``OPTIONS`` that is no preflight goes to the API's routes, ``$default`` last; so does every one
where no origin is allowed. The CORS headers are the gateway's alone, on each of its answers, its
own refusals included: what an integration sends of them is left away.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Answer = tuple[int, dict[str, str], Any]
Execute = Callable[..., Awaitable[Answer]]


def correct(gateway: Any) -> None:
    """Have MiniStack's module *gateway* answer so."""
    execute: Execute = gateway._handle_execute_in_scope  # noqa: SLF001  # it has no other way in

    async def executed(
        api_id: str, stage: str, path: str, method: str, headers: Mapping[str, str], *more: Any
    ) -> Answer:
        allowed = (gateway._apis.get(api_id) or {}).get("corsConfiguration") or {}  # noqa: SLF001
        asked = {name.lower(): value for name, value in headers.items()}
        preflight = "origin" in asked and "access-control-request-method" in asked
        if method == "OPTIONS" and not (allowed and preflight):
            method = _Options("OPTIONS")
        status, found, body = await execute(api_id, stage, path, method, headers, *more)
        cors = gateway._cors_response_headers(allowed, asked.get("origin", ""))  # noqa: SLF001
        if method == "OPTIONS" and allowed and preflight:
            # A preflight of an origin that is not allowed is answered, without a word of consent.
            return (204, found if cors else {}, b"")
        kept = {k: v for k, v in found.items() if not k.lower().startswith("access-control-")}
        if "origin" in kept.get("vary", ""):  # the function has named it; MiniStack adds its own
            kept.pop("Vary", None)
            cors.pop("Vary", None)
        return status, kept | cors, body

    gateway._handle_execute_in_scope = executed  # noqa: SLF001


class _Options(str):
    """The method of an ``OPTIONS`` that MiniStack must not take for a preflight.

    It compares the method with that word first of all, and would answer. What comes after writes
    it down; no API here has a route of its own for it.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__
