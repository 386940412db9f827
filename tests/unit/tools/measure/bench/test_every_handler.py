"""Every function of the templates is benched, and succeeds on what AWS answers there."""

import http.client
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from tests.support.sizes import size
from tools.build import sources, target
from tools.build.opt import Layers, build_all
from tools.check.child import DEVELOPMENT
from tools.check.environment import environment_of
from tools.check.project import ROOT, answers_the_rest, handlers
from tools.lab.authorization.world import World
from tools.lab.privileges.symbols import System
from tools.measure.bench import measure
from tools.measure.bench.cases import Case, cases, named
from tools.measure.bench.measure import Failed, run
from tools.measure.bench.recorded import Recorded, record
from tools.measure.bench.recorder import Recorder, replayed
from tools.measure.bench.stub import Exchange, Script, Stub
from tools.measure.bench.tape import Tape
from tools.measure.bench.variants import Variant

CORE = min(os.sched_getaffinity(0))
CASES = {case.function: case for case in cases(System())}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """Every function, run once on an emulated AWS and again on what that answered."""
    return record(tmp_path_factory.mktemp("bench") / "recorded.json")


@pytest.mark.row("OPS-04")
def test_every_function_has_a_case_and_succeeds(recorded: dict[str, Recorded]) -> None:
    refused = {name: each.refused for name, each in recorded.items() if each.refused}
    assert refused == {}
    assert CASES.keys() == recorded.keys()
    benched = {path for path in handlers() if not answers_the_rest(path.parent.name)}
    assert {case.handler for case in CASES.values()} == benched
    assert len(recorded) > 50
    assert {recorded[f"orders/{name}"].warm_calls for name in ("get_order", "relay_events")} == {1}
    assert {case.kind for case in CASES.values()} == {"http", "consumer", "other"}


def test_capacity_is_answered_where_it_is_asked_for(recorded: dict[str, Recorded]) -> None:
    asked = [
        exchange
        for each in recorded.values()
        for exchange in each.exchanges
        if "ReturnConsumedCapacity" in exchange.request and exchange.status == 200
    ]
    assert len(asked) > 50
    for exchange in asked:
        assert json.loads(exchange.answer)["ConsumedCapacity"], exchange.operation


def test_a_function_that_was_added_is_a_case_without_more_ado(tmp_path: Path) -> None:
    """Planted: its name is in a template, and nowhere else."""
    shutil.copy(ROOT / "template.yaml", tmp_path)
    shutil.copytree(ROOT / "functions", tmp_path / "functions")
    template = tmp_path / "functions" / "orders" / "template.yaml"
    known = template.read_text()
    template.write_text(known.replace("CodeUri: get_order/", "CodeUri: get_more_orders/"))
    assert template.read_text() != known
    assert {case.function for case in cases(System(tmp_path))} - CASES.keys() == {
        "orders/get_more_orders"
    }


class Nowhere(World):
    """A world without moto, in which functions do nothing and say that all is well."""

    def __init__(self) -> None:
        super().__init__(System())

    def variables(self, function: str) -> dict[str, str]:
        return {}

    def enter(self, function: str) -> None:
        """There is nowhere to go."""


class Idle(Recorder):
    def _run(self, function: str, event: Any) -> Any:
        return {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("planted", "why"),
    [
        (Case("orders/get_more_orders", "http"), "FileNotFoundError"),
        (Case("orders/record_reservation", "consumer"), "it wrote and sent nothing"),
    ],
)
def test_a_function_without_a_sample_or_with_one_that_is_no_news_is_refused(
    planted: Case, why: str
) -> None:
    assert Idle(Nowhere(), Tape()).one(planted).refused.startswith(why)


def test_a_function_that_calls_otherwise_than_it_did_is_refused(
    recorded: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a call in the recording that the function does not make."""
    monkeypatch.setitem(sys.modules, "functions.orders.get_order.handler", ModuleType("kept"))
    known = recorded["orders/get_order"]
    with patch.dict(os.environ), Stub({known.function: known.exchanges}) as stub:
        assert replayed(known, stub) == ""
        planted = replace(known, exchanges=[*known.exchanges, said("{}", "{}")])
        assert "it called ['GetItem'], not ['GetItem', 'GetItem']" in replayed(planted, stub)


def test_functions_are_named_by_context_by_use_case_or_both() -> None:
    everything = list(CASES.values())
    assert named(everything, []) == everything
    assert [c.use_case for c in named(everything, ["place_order", "orders/get_order"])] == [
        "place_order",
        "get_order",
    ]
    assert {c.context for c in named(everything, ["payments"])} == {"payments"}
    with pytest.raises(LookupError, match="plaice_order"):
        named(everything, ["plaice_order"])


@pytest.mark.parametrize("function", ["orders/get_order", "orders/record_reservation"])
def test_a_process_of_its_own_answers_cold_and_warm(
    recorded: dict[str, Recorded], function: str
) -> None:
    with Stub({function: recorded[function].exchanges}) as stub:
        found = run(variant(recorded[function]), stub, 2, core=CORE)
    assert len(found["warm_cpu"]) == 2
    assert found["cold_cpu"] > found["init_cpu"] > 0
    assert found["memory"] > 10_000_000


def test_cold_start_and_warm_requests_are_counted_apart(
    recorded: dict[str, Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "_COUNT", ())  # with nobody who counts
    known = recorded["orders/get_order"]
    with Stub({known.function: known.exchanges}) as stub:
        found = run(variant(known), stub, 2)
    cold, warm = found["pids"]
    assert cold != warm
    assert found["asked"] == ["GetItem"] * 3  # cold, and two warm ones


def test_what_valgrind_says_of_each_process() -> None:
    said = "==7== I   refs:      1,234,567\n==8==\n==8== I refs: 2,000,000\n"
    assert measure.counted(said) == {7: 1_234_567, 8: 2_000_000}
    with pytest.raises(Failed, match="counted nothing"):
        measure.counted("==7== Command: python")


def test_a_process_that_hears_nothing_it_knows_is_not_measured(
    recorded: dict[str, Recorded],
) -> None:
    """Planted: the recording of another function."""
    with (
        Stub({"orders/get_order": recorded["catalog/relay_events"].exchanges}) as stub,
        pytest.raises(Failed, match="refused"),
    ):
        run(variant(recorded["orders/get_order"]), stub, 1, core=CORE)


ONE_OF_EACH_KIND = (
    "orders/place_order", "identity/authorize", "orders/relay_events", "operations/publish_flags",
    "notifications/notify_on_event", "operations/run_migrations",
)  # fmt: skip
FROM_LAYERS = sorted(CASES) if size(0, 1) else ONE_OF_EACH_KIND


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    """All layers, for this interpreter and this machine."""
    with patch.dict(os.environ):
        try:
            os.environ.update(target.this_machine())
            return build_all(tmp_path_factory.mktemp("layers"))
        except target.BuildError as error:
            pytest.skip(f"the layers cannot be built here: {str(error).splitlines()[0]}")


@pytest.mark.row("OPS-04")
@pytest.mark.parametrize("function", FROM_LAYERS)
def test_a_function_answers_its_sample_from_its_built_layers_alone(
    recorded: dict[str, Recorded], layers: Layers, tmp_path: Path, function: str
) -> None:
    """As Lambda lays them out, without site-packages; `make check-full` takes every function."""
    case = CASES[function]
    with patch.dict(os.environ, target.this_machine()):
        sources.build(case.handler.parent, tmp_path)
    shipped = replace(variant(recorded[function]), paths=(tmp_path, layers.opt(case.handler)))
    with Stub({function: recorded[function].exchanges}) as stub:
        assert run(shipped, stub, 1, core=CORE)["memory"] > 10_000_000


def test_a_layer_that_lacks_a_module_is_noticed(
    recorded: dict[str, Recorded], layers: Layers, tmp_path: Path
) -> None:
    """Planted: one compiled module of what the function imports is not there."""
    case = CASES["orders/relay_events"]
    shutil.copytree(layers.opt(case.handler), tmp_path / "python")
    (tmp_path / "python" / "shared" / "platform" / "entry" / "relay.py").unlink()
    with patch.dict(os.environ, target.this_machine()):
        sources.build(case.handler.parent, tmp_path / "task")
    paths = (tmp_path / "task", tmp_path / "python")
    shipped = replace(variant(recorded[case.function]), paths=paths)
    known = Stub({case.function: recorded[case.function].exchanges})
    with (
        known as stub,
        pytest.raises(Failed, match=r"No module named .shared\.platform\.entry\.relay"),
    ):
        run(shipped, stub, 1, core=CORE)


def test_what_is_shipped_brings_the_authorities_that_tls_trusts(layers: Layers) -> None:
    """Botocore trusts the bundle beside it, whatever the machine has: Lambda's image has none."""
    opt = layers.opt(CASES["orders/relay_events"].handler)
    command = [sys.executable, "-S", "-I", "-c", AUTHORITIES, str(opt)]
    bundle, count = subprocess.check_output(command, text=True, env={}).split()
    assert Path(bundle).is_relative_to(opt)
    assert int(count) > 100


AUTHORITIES = """
import ssl, sys
sys.path[0:0] = sys.argv[1:]
from botocore.httpsession import get_cert_path
bundle = get_cert_path(True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(bundle)
print(bundle, len(context.get_ca_certs()))
"""


def variant(each: Recorded) -> Variant:
    """Return a function as it is here, neither built nor in layers."""
    handler = CASES[each.function].handler
    return Variant(
        name=each.function,
        paths=(handler.parent, *DEVELOPMENT),
        environment=environment_of(handler) | each.variables,
        event=lambda: each.event,
    )


def said(request: str, answer: str) -> Exchange:
    return Exchange("GetItem", request, 200, {}, answer)


def test_equal_calls_take_turns_and_others_hear_what_fits_best() -> None:
    script, turns = Script([said('{"a": 1}', "x"), said('{"b": 1}', "y")]), Counter()
    assert [script.find("GetItem", '{"b": 1}', turns).answer for _ in range(3)] == ["y"] * 3
    assert script.find("GetItem", '{"b": 27}', turns).answer == "y"  # but for a number
    others = [script.find("GetItem", '{"c": 1}', turns).answer for _ in range(3)]
    assert others == ["x", "y", "x"]
    with pytest.raises(LookupError, match="PutItem is not in the recording"):
        script.find("PutItem", "{}", turns)


def test_what_was_never_recorded_is_an_error_on_the_wire() -> None:
    with Stub({"a/b": [said("{}", "{}")]}) as stub:
        url, session = stub.open("a/b")
        parts = urlsplit(url)
        statuses = []
        for operation in ("GetItem", "PutItem"):
            connection = http.client.HTTPConnection(parts.netloc, timeout=10)
            connection.request("POST", parts.path, "{}", {"X-Amz-Target": f"D.{operation}"})
            statuses.append(connection.getresponse().status)
            connection.close()
    assert statuses == [200, 400]
    assert session.asked == ["GetItem", "PutItem"]
