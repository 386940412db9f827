"""Results obey the laws that make them safe to chain."""

from collections.abc import Callable
from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import BusinessRuleViolation
from shared.kernel.result import Failure, Result, Success, UnwrapFailed

pytestmark = pytest.mark.row("EXC-03")

Outcome = Result[int, str]
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.integers().map(Success), st.text(max_size=5).map(Failure)
)


def halved(number: int) -> Outcome:
    return Failure(f"{number} is odd") if number % 2 else Success(number // 2)


def less_ten(number: int) -> Outcome:
    return Failure(f"{number} is small") if number < 10 else Success(number - 10)


steps: st.SearchStrategy[Callable[[int], Outcome]] = st.sampled_from([halved, less_ten])


def described(outcome: Outcome) -> str:
    match outcome:
        case Success(value):
            return f"paid {value}"
        case Failure(error):
            return f"declined: {error}"
        case _:
            assert_never(outcome)


def test_a_match_takes_it_apart() -> None:
    assert described(Success(5)) == "paid 5"
    assert described(Failure("no funds")) == "declined: no funds"


def test_map_changes_values_and_leaves_errors() -> None:
    success: Outcome = Success(2)
    failure: Outcome = Failure("no")
    assert success.map(str) == Success("2")
    assert failure.map(str) == Failure("no")
    assert success.map_error(len) == Success(2)
    assert failure.map_error(len) == Failure(2)


def test_unwrap_gives_the_value_or_raises() -> None:
    assert Success(1).unwrap() == 1
    with pytest.raises(UnwrapFailed) as raised:
        Failure("no").unwrap()
    assert raised.value.error == "no"
    assert raised.value.__cause__ is None


def test_an_exception_inside_a_failure_is_the_cause() -> None:
    refused = BusinessRuleViolation("no")
    with pytest.raises(UnwrapFailed) as raised:
        Failure(refused).unwrap()
    assert raised.value.__cause__ is refused


def test_unwrap_or_has_an_answer_either_way() -> None:
    assert Success(0).unwrap_or(9) == 0
    assert Failure("no").unwrap_or(9) == 9


def test_results_are_values() -> None:
    assert Success(1) == Success(1)
    assert len({Success(1), Success(1), Failure(1)}) == 2
    with pytest.raises(AttributeError):
        Success(1).value = 2  # type: ignore[misc]


@given(outcomes)
def test_mapping_with_identity_changes_nothing(outcome: Outcome) -> None:
    assert outcome.map(lambda value: value) == outcome
    assert outcome.map_error(lambda error: error) == outcome


@given(outcomes)
def test_two_maps_are_one(outcome: Outcome) -> None:
    assert outcome.map(lambda n: n + 1).map(str) == outcome.map(lambda n: str(n + 1))


@given(st.integers(), steps)
def test_left_identity(value: int, step: Callable[[int], Outcome]) -> None:
    assert Success(value).flat_map(step) == step(value)


@given(outcomes)
def test_right_identity(outcome: Outcome) -> None:
    assert outcome.flat_map(Success) == outcome


@given(outcomes, steps, steps)
def test_steps_chain_in_any_grouping(
    outcome: Outcome, first: Callable[[int], Outcome], second: Callable[[int], Outcome]
) -> None:
    chained = outcome.flat_map(first).flat_map(second)
    assert chained == outcome.flat_map(lambda value: first(value).flat_map(second))


def test_no_step_runs_after_a_failure() -> None:
    taken: list[int] = []
    Failure("no").flat_map(taken.append)
    assert taken == []
