"""What the rules that a shop has made for itself say against something, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.kernel.errors import FieldError, ValidationFailed
from shared.kernel.messages import say


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """One rule that something breaks: by which field (dotted), and what is wrong with that."""

    rule_id: str
    field: str
    kind: str
    message: str

    def error(self, *inside: str | int) -> FieldError:
        """Return it as an error of an input that has the thing *inside* it."""
        loc = (*inside, *self.field.split("."))
        return {"loc": loc, "msg": self.message, "type": self.kind}


class BrokenRules(ValidationFailed):
    """Something breaks rules of the shop; ``details.rules`` are their ids, each once."""

    code = "BROKEN_RULES"
    sentence = "This breaks {count:rule|rules} of the shop."

    def __init__(self, broken: Iterable[tuple[BrokenRule, FieldError]]) -> None:
        listed = list(broken)
        rules = list(dict.fromkeys(rule.rule_id for rule, _ in listed))
        text = say(self.sentence, count=len(rules))
        super().__init__(text, [error for _, error in listed])
        self.details = {"rules": rules}
