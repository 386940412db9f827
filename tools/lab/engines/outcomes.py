"""What a call came to, in a form that engines can be compared by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.engine.numbers import canonical
from tools.lab.simulation.engine.values import set_member_order

_SETS = ("SS", "NS", "BS")
_UNORDERED = frozenset({"BatchGetItem", "Scan"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, or the *error* code of a refusal with its cancellation *reasons*.

    Messages are kept for the reader; they are not part of the comparison.
    """

    answer: Any = None
    error: str = ""
    reasons: tuple[str, ...] = ()
    items: Any = None
    message: str = ""

    def unpadded(self) -> "Outcome":
        """Return the outcome with its numbers in the one form that DynamoDB gives them."""
        return replace(self, answer=unpadded(self.answer), items=unpadded(self.items))

    def same(self, other: "Outcome") -> bool:
        """Say whether a client could not tell the two apart."""
        return (
            self.answer == other.answer
            and self.error == other.error
            and self.reasons == other.reasons
            and self.items == other.items
        )

    def __str__(self) -> str:
        if not self.error:
            return f"answers {self.answer}"
        shown = [self.error, *([str(list(self.reasons))] if self.reasons else [])]
        if self.items:
            shown.append(f"with {self.items}")
        return f"refuses: {' '.join(shown)} ({self.message})"


def answered(operation: str, answer: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a call that succeeded; what it cost is left out."""
    kept = {name: plain(value) for name, value in answer.items() if name != "ConsumedCapacity"}
    if operation in _UNORDERED:
        for name, items in kept.items():
            if name == "Items":
                kept[name] = sorted(items, key=repr)
            elif name == "Responses":
                kept[name] = {table: sorted(found, key=repr) for table, found in items.items()}
    return Outcome(answer=kept)


def refused(
    code: str, message: str, reasons: Sequence[Mapping[str, Any]] | None, item: Any
) -> Outcome:
    """Return the outcome of a call that failed; *code* may carry the service's prefix."""
    items = [plain(reason.get("Item")) for reason in reasons or ()]
    return Outcome(
        error=code.rpartition("#")[2],
        reasons=tuple(str(reason.get("Code") or "None") for reason in reasons or ()),
        items=(items if any(items) else None) or (plain(item) if item else None),
        message=" | ".join(
            [message, *(str(it["Message"]) for it in reasons or () if "Message" in it)]
        ),
    )


def unpadded(value: Any) -> Any:
    """Return *value* with its numbers in the one form that DynamoDB gives them."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((kind, content),) = value.items()
            if kind == "N" and isinstance(content, str):
                return {kind: _canonical(content)}
            if kind == "NS" and isinstance(content, list):
                return {kind: [_canonical(member) for member in content]}
        return {name: unpadded(inner) for name, inner in value.items()}
    return [unpadded(inner) for inner in value] if isinstance(value, list) else value


def _canonical(text: str) -> str:
    try:
        return canonical(text)
    except Refused:  # no number at all: as it is
        return text


def plain(value: Any) -> Any:
    """Return *value* with its maps in one order and its sets sorted."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((kind, content),) = value.items()
            if kind in _SETS and isinstance(content, list):
                return {kind: sorted(content, key=set_member_order(kind))}
        return {name: plain(value[name]) for name in sorted(value)}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
