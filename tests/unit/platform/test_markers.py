from dataclasses import dataclass
from typing import ClassVar

import pytest

from shared.kernel.commands import CommandResult
from shared.platform.dynamodb.codec import from_item
from shared.platform.dynamodb.markers import remember
from shared.platform.runtime.context import Idempotency

pytestmark = pytest.mark.row("API-03")

REQUEST = Idempotency(principal="u-1", route="POST /x", key="k", fingerprint="f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting(CommandResult):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleeting(CommandResult):
    remembered_seconds: ClassVar[int | None] = 900

    name: str


@pytest.mark.parametrize(
    ("result", "ttl", "kept"),
    [(Lasting, 86_400, 86_400), (Fleeting, 86_400, 900), (Fleeting, 60, 60)],
)
def test_an_answer_is_replayed_no_longer_than_it_is_good(result, ttl, kept):
    write = remember(REQUEST, result(name="n"), now=1_000, ttl=ttl)
    item = from_item(write.request["Item"])
    assert item["expires_at"] == 1_000 + kept
    assert item["result"] == {"name": "n"}
