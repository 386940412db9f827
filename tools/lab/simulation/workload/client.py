"""How people send requests: once, or again and again until they hear what became of it."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tools.lab.simulation.workload.ports import Pending, Shop, Wait
from tools.lab.support.functions import Answer
from tools.lab.support.http_events import Caller

_PATIENCE = 12
"""How often a client sends a request again before it gives up."""

IN_FLIGHT = "IDEMPOTENCY_IN_FLIGHT"


def is_final(answer: Answer | None) -> bool:
    """Tell whether the client knows now: success, or a refusal that says nothing was done."""
    if answer is None or answer.status >= 500:
        return False
    return not (answer.status == 409 and answer.code in (IN_FLIGHT, "STALE_AGGREGATE"))


@dataclass(frozen=True)
class Client:
    """Sends the requests of one caller, where there is one with an access *token*."""

    shop: Shop
    dice: Random
    caller: Caller | Mapping[str, Any]
    token: str | None = None

    def start(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        key: str | None = None,
        match: int | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Pending:
        """Send a request and wait for nothing."""
        headers = {}
        if key is not None:
            headers["Idempotency-Key"] = key
        if match is not None:
            headers["If-Match"] = f'"{match}"'
        return self.shop.http(
            method,
            path,
            body=body,
            headers=headers,
            caller=self.caller,
            query=query or {},
            token=self.token,
        )

    def once(self, method: str, path: str, **request: Any) -> Generator[Wait, None, Answer | None]:
        """Send a request once and return its answer, if one came."""
        pending = self.start(method, path, **request)
        yield pending
        return pending.answer

    def insist(
        self, method: str, path: str, *, key: str | None, **request: Any
    ) -> Generator[Wait, None, Answer | None]:
        """Send the same request until its outcome is known; ``None`` when patience ran out.

        Without a *key* only refusals and successes end it too, so such a client may well buy
        twice: that is what keys are for.
        """
        for attempt in range(_PATIENCE):
            answer = yield from self.once(method, path, key=key, **request)
            if is_final(answer):
                return answer
            yield self.dice.uniform(0, 2.0**attempt)
        return None
