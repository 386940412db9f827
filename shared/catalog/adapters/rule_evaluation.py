"""Evaluates rules from the table: the platform's kinds of rules, and two of the catalog's own."""

import json
from functools import lru_cache
from typing import Any

from shared.catalog.domain.rule import BusinessRule
from shared.kernel.errors import FieldError, ValidationFailed
from shared.platform.validation.kinds import Evaluator, kind
from shared.platform.validation.rules import Rules


@kind("multiple_of")
def _multiple_of(step: object) -> Evaluator:
    if type(step) is not int or step < 1:
        msg = "Give a whole number from 1 on."
        raise ValueError(msg)
    return lambda value: None if value % step == 0 else f"Must be a multiple of {step}."


@kind("includes")
def _includes(wanted: object) -> Evaluator:
    if not isinstance(wanted, str) or not wanted:
        msg = "Give the text that has to be in the list."
        raise ValueError(msg)
    return lambda value: None if wanted in value else f"Must include {wanted}."


def evaluate(rule: BusinessRule, value: Any) -> str | None:
    """Say what is wrong with *value* by *rule*, or nothing."""
    found = _compiled(rule.field, rule.kind, _text(rule)).errors({rule.field: value})
    return found[0]["msg"] if found else None


def mistakes(rule: BusinessRule) -> list[FieldError]:
    """Return what is wrong with the rule's parameters for its kind."""
    try:
        _compiled(rule.field, rule.kind, _text(rule))
    except ValidationFailed as error:
        return [{**each, "loc": ("parameters",)} for each in error.errors]
    return []


def _text(rule: BusinessRule) -> str:
    return json.dumps(rule.parameters, sort_keys=True)


@lru_cache(maxsize=256)
def _compiled(field: str, kind: str, parameters: str) -> Rules:
    return Rules.of({field: {kind: json.loads(parameters)}})
