"""What people read about a value that is wrong: our sentences, whoever found the mistake.

pydantic's own texts speak of Python ("Value should have at least 1 item after validation") and
show regular expressions. Its error types are stable names (its documentation lists them), so they
are what a sentence is found by.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.kernel.messages import say

SENTENCES: Mapping[str, str] = {
    "missing": "Is missing.",
    "extra_forbidden": "Is not known here.",
    "unknown_parameter": "Is not known here.",
    "string_type": "Must be a text.",
    "string_unicode": "Must be a text of valid characters.",
    "string_too_short": "Must have at least {limit:character|characters}.",
    "string_too_long": "Must have at most {limit:character|characters}.",
    "too_short": "Must have at least {limit:entry|entries}.",
    "too_long": "Must have at most {limit:entry|entries}.",
    "int_type": "Must be a whole number.",
    "int_from_float": "Must be a whole number.",
    "int_parsing": "Must be a whole number.",
    "int_parsing_size": "Must be a whole number that is not as large.",
    "float_type": "Must be a number.",
    "float_parsing": "Must be a number.",
    "finite_number": "Must be a number.",
    "bool_type": "Must be true or false.",
    "bool_parsing": "Must be true or false.",
    "greater_than": "Must be more than {limit}.",
    "greater_than_equal": "Must be at least {limit}.",
    "less_than": "Must be less than {limit}.",
    "less_than_equal": "Must be at most {limit}.",
    "multiple_of": "Must be a multiple of {limit}.",
    "list_type": "Must be a list.",
    "dict_type": "Must be an object.",
    "model_type": "Must be an object.",
    "model_attributes_type": "Must be an object.",
    "none_required": "Must be null.",
    "enum": "Must be one of: {allowed}.",
    "literal_error": "Must be one of: {allowed}.",
    "json_invalid": "Must be valid JSON.",
}
"""The sentence of each type of mistake."""

_UNCLEAR = "Is not valid here."
_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "multiple_of")
_QUOTED = re.compile(r"'([^']*)'")
_FORMS: dict[str, str] = {}


def form(pattern: str, sentence: str) -> str:
    """Return *pattern*, a regular expression, and let *sentence* say what it asks for."""
    _FORMS[pattern] = sentence
    return pattern


def form_of(pattern: str) -> str:
    """Return the sentence of a *pattern* that has the wrong text before it."""
    return _FORMS.get(pattern, "Does not have the form that is asked for here.")


def has_form(pattern: str) -> bool:
    """Tell whether somebody said what *pattern* asks for."""
    return pattern in _FORMS


def explain(kind: str, context: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the sentence for a mistake of type *kind*, and its facts as plain JSON values.

    *context* is what pydantic says of the mistake. The value itself is in neither: it may be a
    secret.
    """
    if "reason" in context:  # one of ours: `shared.platform.validation.strict.refused`
        return str(context["reason"]), dict(context.get("params") or {})
    if kind == "string_pattern_mismatch":
        return form_of(str(context.get("pattern", ""))), {}
    params: dict[str, Any] = {}
    if "expected" in context:
        params["allowed"] = _QUOTED.findall(str(context["expected"]))
    for name in _LIMITS:
        if name in context:
            params["limit"] = context[name]
    sentence = SENTENCES.get(kind, _UNCLEAR)
    return say(sentence, **params), params
