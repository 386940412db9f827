"""Rules as data: read from a table or a file, checked all at once.

    adult = Rules.of({"age": {"required": True, "type": "integer", "range": {"min": 18}}})
    adult.check({"age": 17})  # ValidationFailed: age: is less than 18

A new kind of rule registers itself: see `shared.platform.validation.kinds`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.kernel.errors import FieldError, ValidationFailed
from shared.platform.validation.kinds import KINDS, Evaluator


@dataclass(frozen=True, slots=True)
class _Field:
    required: bool
    evaluators: tuple[tuple[str, Evaluator], ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the fields of an object have to be."""

    _fields: Mapping[str, _Field]

    @classmethod
    def of(cls, definition: Mapping[str, Mapping[str, Any]]) -> "Rules":
        """Return the rules that *definition* describes; `ValidationFailed` names its mistakes."""
        wrong: list[FieldError] = []
        fields = {name: _read(name, rules, wrong) for name, rules in definition.items()}
        if wrong:
            raise ValidationFailed("The rules are not valid.", wrong)
        return cls(fields)

    def errors(self, data: Mapping[str, Any]) -> list[FieldError]:
        """Return everything that is wrong with *data*; fields without rules are not looked at.

        A field that is missing or null meets every rule but ``required``. After a wrong type the
        other rules of that field say nothing.
        """
        found: list[FieldError] = []
        for name, field in self._fields.items():
            value = data.get(name)
            if value is None:
                if field.required:
                    found.append({"loc": [name], "msg": "Is missing.", "type": "required"})
                continue
            for rule, evaluate in field.evaluators:
                message = evaluate(value)
                if message:
                    found.append({"loc": [name], "msg": message, "type": rule})
                    if rule == "type":
                        break
        return found

    def check(self, data: Mapping[str, Any]) -> None:
        """Raise `ValidationFailed` with every error, if there is one."""
        if found := self.errors(data):
            raise ValidationFailed("The data break the rules.", found)


def _read(name: str, rules: Mapping[str, Any], wrong: list[FieldError]) -> _Field:
    evaluators = []
    for rule, parameters in sorted(rules.items(), key=lambda item: item[0] != "type"):
        if rule == "required":
            continue
        try:
            evaluators.append((rule, KINDS[rule](parameters)))
        except KeyError:
            message = f"Must be one of: {', '.join(['required', *sorted(KINDS)])}."
            wrong.append({"loc": [name, rule], "msg": message, "type": "rule"})
        except (TypeError, ValueError) as error:
            wrong.append({"loc": [name, rule], "msg": str(error), "type": "rule"})
    return _Field(required=rules.get("required") is True, evaluators=tuple(evaluators))
