"""What counts as a use of a row, and how rows then stand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.check.standing import Rows, Standing, not_held
from tools.check.uses import mistake

HELPER = "def log_time(): ...\n"
CALLS = "from shared.platform.log import log_time\n@log_time()\ndef charge(): ...\n"
FILES = {
    "shared/platform/log.py": HELPER + "log_time()\n",
    "shared/kernel/money.py": CALLS,
    "tests/unit/test_log.py": CALLS,
    "tools/shop/seed.py": CALLS,
    "shared/payments/domain/payment.py": CALLS,
    "shared/payments/adapters/gateway.py": CALLS,
    "shared/payments/use_cases/process.py": CALLS,
    "shared/payments/queries/get.py": CALLS,
    "shared/payments/http/get.py": CALLS,
    "shared/payments/consumers.py": CALLS,
    "shared/payments/tasks.py": CALLS,
    "shared/payments/wiring.py": CALLS,
    "functions/payments/process/handler.py": CALLS,
    "functions/payments/helpers.py": CALLS,
    "shared/orders/adapters/gateway.py": "from shared.platform.log import log_time\n",
    "shared/orders/adapters/own.py": HELPER + "log_time()\n",
    "shared/orders/adapters/said.py": '"""log_time"""\ndef f() -> "log_time": ...\n',
}
USES = (
    "shared/payments/adapters/gateway.py",
    "shared/payments/use_cases/process.py",
    "shared/payments/queries/get.py",
    "shared/payments/http/get.py",
    "shared/payments/consumers.py",
    "shared/payments/tasks.py",
    "shared/payments/wiring.py",
    "functions/payments/process/handler.py",
)
NO_REQUEST = "sends a function neither a request nor an event"
NO_PLACE = "is neither a function nor a context's use case, query, consumer or adapter"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize("path", USES)
def test_a_function_or_a_context_uses_it(project: Path, path: str) -> None:
    assert mistake(project, f"{path}::log_time") == ""


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("shared/platform/log.py::log_time", NO_PLACE),
        ("shared/kernel/money.py::log_time", NO_PLACE),
        ("tests/unit/test_log.py::log_time", NO_PLACE),
        ("tools/shop/seed.py::log_time", NO_PLACE),
        ("functions/payments/helpers.py::log_time", NO_PLACE),
        ("shared/payments/domain/payment.py::log_time", NO_PLACE),
        ("shared/payments/wiring.py", "does not say what is used there"),
        ("shared/payments/api.py::log_time", "is not there"),
        ("shared/orders/adapters/gateway.py::log_time", "is not called there"),
        ("shared/orders/adapters/said.py::log_time", "is not called there"),
        ("shared/orders/adapters/own.py::log_time", "is where it is defined, not used"),
    ],
)
def test_its_own_file_a_test_or_a_mere_mention_does_not(
    project: Path, place: str, wrong: str
) -> None:
    assert mistake(project, place) == wrong


def rows(tests: Mapping[str, set[str]], **sections: Any) -> Rows:
    data = {"rows": {"LOG-04": "Times"}, "used": {}, "operated": {}, "waits": {}, "planted": []}
    return Rows(data | sections, tests)


PLANT = {
    "row": "LOG-04",
    "helper": "shared/platform/log.py::log_time",
    "noop": "None",
    "test": "tests/functions/x.py::t",
}
USED = {"LOG-04": ["shared/payments/wiring.py::log_time"]}
TESTED = {"LOG-04": {"tests/x.py::t"}}


@pytest.mark.parametrize(
    ("tests", "sections", "standing", "want"),
    [
        (TESTED, {"used": USED, "planted": [PLANT]}, Standing.HELD, None),
        (TESTED, {"operated": {"LOG-04": ["Makefile"]}}, Standing.HELD, None),
        (
            TESTED,
            {"used": USED, "planted": [PLANT], "waits": {"LOG-04": "the rest"}},
            Standing.IN_PART,
            "the rest",
        ),
        (TESTED, {"used": USED}, Standing.UNPROVED, "a planted no-op that a test over HTTP"),
        (TESTED, {"waits": {"LOG-04": "a caller"}}, Standing.WAITS, "a caller"),
        ({}, {"used": USED, "planted": [PLANT]}, Standing.WAITS, "a test"),
    ],
)
def test_a_row_is_held_when_used_tested_and_missed(
    tests: Mapping[str, set[str]], sections: Any, standing: Standing, want: str | None
) -> None:
    found = rows(tests, **sections)
    assert found.standing("LOG-04") is standing
    table = not_held(found)
    assert table.row_count == (want is not None)
    if want:
        assert found.want("LOG-04").startswith(want)


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({}, "LOG-04: neither used, nor operated, nor said what it waits for"),
        (
            {"used": {"LOG-04": ["shared/platform/log.py::log_time"]}},
            f"[used] LOG-04: shared/platform/log.py::log_time {NO_PLACE}",
        ),
        ({"used": USED, "waits": {"LOG-4": "x"}}, "[waits] LOG-4: no such row"),
        (
            {"used": USED, "operated": {"LOG-04": ["tools/no.py"]}},
            "[operated] LOG-04: tools/no.py is not there",
        ),
        (
            {"used": USED, "planted": [PLANT | {"test": "tests/unit/x.py::t"}]},
            f"[[planted]] LOG-04: tests/unit/x.py::t {NO_REQUEST}",
        ),
        (
            {"waits": {"LOG-04": "x"}, "planted": [PLANT]},
            f"[[planted]] LOG-04: {PLANT['helper']} is planted for a row that nothing uses",
        ),
    ],
)
def test_what_is_said_and_not_so_is_a_mistake(project: Path, sections: Any, said: str) -> None:
    assert [*rows(TESTED, **sections).mistakes(project)] == [said]
