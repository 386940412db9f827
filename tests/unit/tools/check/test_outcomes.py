"""Whoever was skipped has shown nothing: the gates know what that leaves open."""

import pytest

from tools.check import hidden, stages
from tools.check.outcomes import Case, Outcome, idle_rows, unexplained
from tools.check.tiers import TIERS, skipped_by

ROW = frozenset({"CAC-01"})
ABSENT = {tier.name: tier.reason("nothing there") for tier in TIERS}


def skipped(tier: str, **known: object) -> Case:
    return Case(tiers=frozenset({tier}), skipped=ABSENT[tier], **known)  # type: ignore[arg-type]


def test_a_row_is_held_by_any_test_that_ran() -> None:
    assert idle_rows([skipped("redis", rows=ROW), Case(rows=ROW)]) == {}
    assert idle_rows([skipped("redis", rows=ROW), Case(rows=ROW, failed=True)]) == {}
    assert idle_rows([skipped("redis", rows=ROW)]) == {"CAC-01": {ABSENT["redis"]}}


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ([Case(rows=ROW)], 0),
        ([skipped("redis", rows=ROW)], 0),
        ([Case(rows=ROW, skipped="no time")], 1),
        ([Case(rows=ROW, skipped="without reason: none")], 1),
        ([skipped("redis", rows=ROW), Case(rows=ROW, skipped="no time")], 1),
    ],
)
def test_a_row_whose_tests_were_all_skipped_needs_a_missing_tier(
    cases: list[Case], code: int
) -> None:
    assert stages.check_rows(cases) == code
    assert bool(unexplained(idle_rows(cases))) == bool(code)


def test_what_a_tier_alone_holds_is_told_while_it_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert stages.check_rows([Case(rows=ROW, tiers=frozenset({"redis"}))]) == 0
    assert "without redis no test would hold CAC-01\n" in capsys.readouterr().out


def test_a_reason_names_its_tier() -> None:
    assert [skipped_by(reason) for reason in ABSENT.values()] == list(ABSENT)
    assert [skipped_by(reason) for reason in ("", "redis: none", "without x: y")] == ["", "", ""]


def test_the_hidden_run_has_every_tier_skipped_for_its_reason() -> None:
    cases = [skipped(tier.name) for tier in TIERS]
    assert hidden.mistakes(Outcome("", 0, tuple(cases))) == []
    assert hidden.mistakes(Outcome("", 0, tuple(cases[1:]))) == [
        f"no test was skipped without {TIERS[0].name}"
    ]
    assert hidden.mistakes(Outcome("", 0, (*cases, Case()))) == [
        "1 tests of a tier ran without it"
    ]
    assert hidden.mistakes(Outcome("", 0, (*cases, Case(skipped="no time")))) == [
        "skipped for another reason: no time"
    ]
