"""Environments that are restored from one snapshot share nothing that has to differ."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.platform.aws.secrets import KEEP_SECONDS, SecretReader
from shared.platform.cache.memoize import memoize
from shared.platform.cache.memory import MemoryBackend
from shared.platform.runtime.snapshot import AgeClock
from tools.check.project import ROOT

pytestmark = pytest.mark.row("OPS-04")


def two_restores(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", f"from {__package__}.restored import main; main()", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


DRAWN = ("ids", "jitter", "delays", "token", "nonce", "salt")


@pytest.fixture(scope="module")
def restored() -> dict[str, Any]:
    return two_restores()


@pytest.mark.parametrize("drawn", DRAWN)
def test_two_restores_draw_different_values(restored: dict[str, Any], drawn: str) -> None:
    one, other = restored["restored"]
    assert one[drawn]
    assert one[drawn] != other[drawn]


def test_what_had_expired_is_read_again(restored: dict[str, Any]) -> None:
    for each in restored["restored"]:
        assert each["reads"] == 2  # the current version and the previous one


def test_connections_are_closed_before_the_snapshot(restored: dict[str, Any]) -> None:
    assert restored["connections"] == [1, 2]  # kept while it runs; another one afterwards


def test_the_time_of_an_init_long_ago_is_not_said_to_be_this_ones(
    restored: dict[str, Any],
) -> None:
    assert {each["init_ms"] for each in restored["restored"]} == {None}


def test_without_the_hooks_jitter_repeats_and_what_has_expired_stays() -> None:
    """What the tests above would see if the hooks were not there."""
    one, other = two_restores("--no-hooks")["restored"]
    assert {name for name in DRAWN if one[name] == other[name]} == {"jitter", "delays"}
    assert (one["reads"], other["reads"]) == (0, 0)
    assert one["init_ms"] == other["init_ms"] > 0


class Machine:
    """Its monotonic clock stands still while a snapshot of it lies; its wall clock does not."""

    def __init__(self) -> None:
        self.wall, self.since_start = 1_000_000.0, 50.0
        self.clock = AgeClock(wall=lambda: self.wall, monotonic=lambda: self.since_start)

    def works(self, seconds: float) -> None:
        self.wall += seconds
        self.since_start += seconds

    def lies(self, seconds: float) -> None:
        self.clock.stop()
        self.wall += seconds
        self.clock.go_on()


class Source:
    """Counts how often it is asked."""

    asked = 0

    def get_secret_value(self, **_: str) -> dict[str, str]:
        self.asked += 1
        return {"SecretString": "secret"}

    def read(self) -> int:
        self.asked += 1
        return self.asked


def secret(source: Source, clock: Callable[[], float]) -> Callable[[], object]:
    return SecretReader(source, "arn", monotonic=clock).get


def memoized(source: Source, clock: Callable[[], float]) -> Callable[[], object]:
    return memoize(ttl=KEEP_SECONDS, clock=clock)(source.read)


def cached(source: Source, clock: Callable[[], float]) -> Callable[[], object]:
    backend = MemoryBackend(clock=clock)

    def read() -> object:
        if not backend.get_many(["key"]):
            backend.set("key", str(source.read()), ttl=KEEP_SECONDS)
        return None

    return read


@pytest.mark.parametrize("kept", [secret, memoized, cached])
def test_what_is_kept_ages_while_the_snapshot_lies(
    kept: Callable[[Source, Callable[[], float]], Callable[[], object]],
) -> None:
    machine, source = Machine(), Source()
    read = kept(source, machine.clock.now)
    read()
    first = source.asked
    machine.lies(KEEP_SECONDS - 10)
    read()
    assert source.asked == first  # it is not old yet
    machine.works(5)
    machine.lies(60)
    read()
    assert source.asked == 2 * first


def test_ages_never_shrink() -> None:
    machine = Machine()
    before = machine.clock.now()
    machine.lies(-3600)  # the wall clock was set back
    machine.clock.go_on()  # and a restore that nothing preceded
    assert machine.clock.now() == before


AGES_OF_ITS_OWN = {
    "shared/platform/runtime/snapshot.py",
    # Within one invocation: a snapshot is never taken there.
    "shared/platform/runtime/deadline.py",
    "shared/operations/adapters/migrating_tables.py",
}


def standing_clocks(source: str) -> int:
    """How often a module takes the monotonic clock of the machine."""
    return sum(
        (isinstance(node, ast.Attribute) and node.attr == "monotonic" and name_of(node) == "time")
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
        for node in ast.walk(ast.parse(source))
    )


def name_of(node: ast.Attribute) -> str:
    return node.value.id if isinstance(node.value, ast.Name) else ""


def test_whatever_is_kept_between_invocations_asks_the_clock_that_counts_snapshots() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "shared").rglob("*.py")
        if standing_clocks(path.read_text("utf-8"))
    }
    assert found == AGES_OF_ITS_OWN


@pytest.mark.parametrize(
    "source",
    [
        "import time\ndef f(*, clock=time.monotonic): ...",
        "from time import monotonic",
        "time.monotonic()",
    ],
)
def test_a_clock_that_stands_still_is_seen(source: str) -> None:
    assert standing_clocks(source) == 1


def test_where_no_snapshot_is_taken_the_hooks_are_not_even_loaded(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(
        "from tools.lab.support import environment\n"
        "environment.fix()\n"
        "import sys\n"
        "import functions.payments.get_payment.handler\n"
        "print('snapshot_restore_py' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.stdout.endswith("False\n")
