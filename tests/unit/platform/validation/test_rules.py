"""Rules written as data find everything that is wrong at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.kernel.errors import ValidationFailed
from shared.platform.validation import kinds
from shared.platform.validation.rules import Rules

pytestmark = pytest.mark.row("VAL-03")

PERSON = Rules.of(
    {
        "name": {"required": True, "type": "string", "length": {"min": 1, "max": 5}},
        "age": {"required": True, "range": {"min": 18}},
        "email": {"format": "email"},
        "colour": {"enum": ["red", "blue", 1]},
        "code": {"pattern": "[A-Z]{2}"},
        "born": {"date": {"max": "2020-12-31"}},
    }
)


def found(data: dict[str, Any]) -> set[tuple[Any, ...]]:
    return {(*error["loc"], error["type"]) for error in PERSON.errors(data)}


def test_all_errors_come_at_once() -> None:
    wrong = {
        "name": "Clementine",
        "age": 17,
        "email": "x",
        "colour": "green",
        "code": "abc",
        "born": "2021-01-01",
    }
    assert found(wrong) == {
        ("name", "length"),
        ("age", "range"),
        ("email", "format"),
        ("colour", "enum"),
        ("code", "pattern"),
        ("born", "date"),
    }
    with pytest.raises(ValidationFailed) as caught:
        PERSON.check(wrong)
    assert len(caught.value.errors) == 6


def test_what_is_right_passes() -> None:
    right = {"name": "Ada", "age": 36, "email": "a@b.example", "colour": 1, "more": "anything"}
    PERSON.check(right)


def test_missing_and_null_break_required_only() -> None:
    assert found({"email": None}) == {("name", "required"), ("age", "required")}


def test_no_type_is_taken_for_another() -> None:
    assert found({"name": 5, "age": True, "colour": True}) == {
        ("name", "type"),
        ("age", "range"),
        ("colour", "enum"),
    }
    assert found({"name": "A", "age": float("nan")}) == {("age", "range")}


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("rnage", {"min": 1}),
        ("range", {"minimum": 1}),
        ("range", {}),
        ("range", {"min": "1"}),
        ("range", 5),
        ("length", {"min": True}),
        ("pattern", "["),
        ("pattern", None),
        ("enum", []),
        ("enum", "red"),
        ("format", "fax"),
        ("type", "text"),
        ("date", {"min": "tomorrow"}),
        ("date", {"from": "2020-01-01"}),
    ],
)
def test_a_mistake_in_the_rules_names_itself(rule: str, parameters: Any) -> None:
    with pytest.raises(ValidationFailed) as caught:
        Rules.of({"age": {rule: parameters}})
    assert [error["loc"] for error in caught.value.errors] == [["age", rule]]


@pytest.fixture
def even() -> Iterator[None]:
    @kinds.kind("even")
    def _even(wanted: bool) -> kinds.Evaluator:  # the rule's parameter
        return lambda value: None if (value % 2 == 0) is wanted else "is not even"

    yield
    del kinds.KINDS["even"]


@pytest.mark.usefixtures("even")
def test_a_new_kind_registers_itself_once() -> None:
    assert Rules.of({"n": {"even": True}}).errors({"n": 3})[0]["type"] == "even"
    with pytest.raises(ValueError, match="already"):
        kinds.kind("even")(lambda _: lambda _: None)
