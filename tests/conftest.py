"""What every test may use; see the fixtures' docstrings."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tools.lab.support import call_record, environment

environment.fix()
call_record.install()
# No example is timed, and every run tries the same ones.
hypothesis.settings.register_profile("tradewind", deadline=None, derandomize=True)
hypothesis.settings.load_profile("tradewind")

import boto3  # noqa: E402 - reads the environment that was just fixed

from tests.support import browser, redis_server, tiers  # noqa: E402
from tests.support.redis_server import RedisServer  # noqa: E402
from tools.check.tiers import NAMES  # noqa: E402
from tools.lab.support import botocore_files, memory_dynamodb  # noqa: E402
from tools.lab.support import dynamodb_local as local  # noqa: E402
from tools.lab.support.lambda_context import LambdaContext  # noqa: E402
from tools.lab.support.tables import Table, create_table  # noqa: E402

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TableFactory = Callable[..., Table]
botocore_files.read_once()


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    tiers.mark(item)
    rows = (row for marker in item.iter_markers("row") for row in marker.args)
    item.user_properties += [("row", row) for row in rows]
    item.user_properties += [("tier", tier) for tier in sorted(tiers.of(item))]
    item.user_properties.append(("file", item.nodeid.partition("::")[0]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that have a long test: random order would have a worker end with one.

    Among the long ones and among the others the order stays as it was drawn.
    """
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    tiers.enter(item)


@pytest.fixture(autouse=True)
def _every_tier_is_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that takes a tier's fixture unseen would fail, not be skipped, without the tier."""
    yield
    assert NAMES.intersection(request.fixturenames) <= tiers.of(request.node)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    with environment.no_network():
        yield


@pytest.fixture(scope="session")
def _one_event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(autouse=True)
def _event_loop(_one_event_loop: asyncio.AbstractEventLoop) -> None:
    """One event loop for every handler, as a warm function has one, whatever a test did to it."""
    asyncio.set_event_loop(_one_event_loop)


@pytest.fixture(autouse=True)
def _fresh_runtime() -> Iterator[None]:
    """Nothing that a warm function keeps outlives a test, nor what was put in the environment."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys() - {"PYTEST_CURRENT_TEST"}:
        del os.environ[name]
    os.environ.update(before)
    environment.forget_cached()
    environment.forget_handlers()


@pytest.fixture
def moto(engine: str) -> Iterator[None]:
    """AWS in this process, for single-threaded tests; every boto3 client reaches it.

    Its DynamoDB is the simulator's engine where that is the tests' *engine*, else moto's own.
    """
    with memory_dynamodb.aws(engine):
        yield


@pytest.fixture
def memory(moto: None) -> None:
    """The tables that ``moto`` has where they are the simulator's."""


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    """URL of AWS's DynamoDB Local, one process for the session."""
    with local.running() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is."""
    return browser.command()


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A Redis of the test's own, which it may kill."""
    with redis_server.running() as server:
        yield server


@pytest.fixture
def engine() -> str:
    """Where ``table`` lives: in the simulator's engine, unless a suite says otherwise."""
    return memory_dynamodb.ENGINE


@cache
def _client_without_network() -> "DynamoDBClient":
    """Return the client of the tests themselves, which keeps nothing of any of them."""
    return boto3.client("dynamodb")


@pytest.fixture
def make_table(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TableFactory]:
    """Create standard tables on the engine, dropped afterwards: ``make_table(name=None)``.

    Clients that the code under test makes for itself reach the same engine.
    """
    request.getfixturevalue(engine)
    if engine == "dynamodb_local":
        url = request.getfixturevalue("dynamodb_local")
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", url)
    environment.forget_cached()
    client = boto3.client("dynamodb") if engine == "dynamodb_local" else _client_without_network()
    made: list[Table] = []

    def make(name: str | None = None) -> Table:
        made.append(create_table(client, name))
        return made[-1]

    yield make
    if engine == "dynamodb_local":  # the others go with the test, tables and all
        for table in made:
            table.delete()
        client.close()


@pytest.fixture
def table(make_table: TableFactory, monkeypatch: pytest.MonkeyPatch) -> Table:
    """One standard table, also named in ``TABLE_NAME``."""
    table = make_table()
    monkeypatch.setenv("TABLE_NAME", table.name)
    environment.forget_cached()
    return table


@pytest.fixture
def lambda_context() -> LambdaContext:
    """The second argument of a handler."""
    return LambdaContext()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make captured output printable: hostile input has lone surrogates, which no pipe carries."""
    report = yield
    report.sections = [
        (name, content.encode("utf-8", "backslashreplace").decode("utf-8"))
        for name, content in report.sections
    ]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was skipped and why: a test that did not run has not passed.

    A failure's order of tests is printed, too.
    """
    seed = terminalreporter.config.getoption("randomly_seed", None)
    if seed is not None and {"failed", "error"} & terminalreporter.stats.keys():
        terminalreporter.write_line(f"order of the tests: --randomly-seed={seed}")
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    terminalreporter.section(f"{len(skipped)} skipped")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count:5d} x {reason}")
