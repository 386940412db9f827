"""Lazy parts load once, when asked."""

import pytest

from shared.kernel.lazy import Lazy

pytestmark = pytest.mark.row("CQR-05")


def test_it_loads_when_asked_and_once() -> None:
    asked: list[int] = []

    def load() -> int:
        asked.append(1)
        return 5

    lazy = Lazy(load)
    assert (lazy.is_loaded, asked) == (False, [])
    assert [lazy.value, lazy.value] == [5, 5]
    assert (lazy.is_loaded, asked) == (True, [1])
    assert Lazy.of("there").value == "there"


def test_what_failed_to_load_is_asked_again() -> None:
    answers: list[Exception | str] = [OSError("away"), "back"]

    def load() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    lazy = Lazy(load)
    with pytest.raises(OSError, match="away"):
        _ = lazy.value
    assert lazy.value == "back"
