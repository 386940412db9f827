"""A query followed page by page to its end, so that ties in an index may come in any order."""

from collections.abc import Mapping
from typing import Any, Protocol

from tools.lab.engines.outcomes import Outcome
from tools.lab.engines.tables import SPECS

_MOST_PAGES = 60


class Callable(Protocol):
    def call(self, operation: str, request: Mapping[str, Any]) -> Outcome: ...


def pages(subject: Callable, request: Mapping[str, Any]) -> Outcome:
    """Return all pages as one answer: how much each page read, and what they showed.

    Of an index the items are sorted, because DynamoDB leaves the order of equal sort keys open;
    ``Order`` keeps the sort keys as they came.
    """
    items: list[Any] = []
    scanned: list[int] = []
    count = 0
    start: Any = None
    for _ in range(_MOST_PAGES):
        following = {"ExclusiveStartKey": start} if start else {}
        outcome = subject.call("Query", {**request, **following})
        if outcome.error:
            return outcome
        items.extend(outcome.answer.get("Items", ()))
        scanned.append(outcome.answer["ScannedCount"])
        count += outcome.answer["Count"]
        start = outcome.answer.get("LastEvaluatedKey")
        if not start:
            break
    answer: dict[str, Any] = {"Count": count, "Scanned": scanned, "Items": items}
    index = SPECS[request["TableName"]].index(request.get("IndexName", ""))
    if index is not None:
        answer["Order"] = [item.get(index.key.sort) for item in items]
        answer["Items"] = sorted(items, key=repr)
    return Outcome(answer=answer)
