"""The benchmark measures answers, not errors, and says what is missed."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest

from tools.measure.bench import worker
from tools.measure.bench.__main__ import verdict
from tools.measure.bench.bars import Results, bars
from tools.measure.bench.cases import Case
from tools.measure.bench.measure import Measured
from tools.measure.bench.plot import plot
from tools.measure.bench.report import page
from tools.measure.bench.variants import ECHO, FLOOR, FLOOR_CREATE, FLOOR_ECHO, PLAIN, Artifact

GET = Case("shop/get_thing", "http", ("GET", "/things/{thing_id}"))
CONSUMER = Case("shop/record_thing", "consumer")


def of(cold: float, warm: Sequence[float] = (0.001,), instructions: int | None = None) -> Measured:
    run = {"init_cpu": cold, "cold_cpu": cold, "cold_wall": cold, "memory": 5e7}
    runs = [{**run, "warm_cpu": warm, "warm_wall": warm}]
    return Measured(runs, cold_instructions=instructions, warm_instructions=instructions)


def results(
    get: Measured | None = None,
    consumer: float = 0.4,
    zipped: int = 9_000,
    unzipped: int = 29_000_000,
    refused: str = "",
) -> Results:
    """Return what keeps every bar, unless it is said otherwise."""
    floors = {name: of(1.0) for name in (FLOOR, FLOOR_CREATE, FLOOR_ECHO)}
    measured = {
        **floors,
        PLAIN: of(3.0),
        ECHO: of(0.4, [0.0004]),
        GET.function: get or of(0.6, [0.0001, 0.0007, 0.0007], 1_400_000_000),
        CONSUMER.function: of(consumer),
    }
    return Results(
        rounds=1,
        calls=3,
        cases=[GET, CONSUMER],
        measured=measured,
        artifacts={
            GET.function: Artifact(zipped, unzipped, 30_000_000),
            CONSUMER.function: Artifact(1_000, 5_000_000, 20_000_000),
        },
        layers={"core": 4_000_000, "shared": 1_500_000},
        calls_to_aws={GET.function: 1.0, CONSUMER.function: 2.0},
        refused={"shop/lost_thing": refused} if refused else {},
    )


def test_bars_that_are_kept() -> None:
    kept = results()
    assert {bar.what: bar.missed for bar in bars(kept)} == {
        "cold, HTTP functions ÷ floor": [],
        "cold, HTTP functions ÷ plain `sam build`": [],
        "cold, functions without FastAPI ÷ floor": [],
        "cold, HTTP functions, million instructions": [],
        "warm, framework share ÷ floor without AWS call": [],
        "warm, get by id ÷ floor's get": [],
        "zip of a function, kB": [],
        "layers unzipped, HTTP functions, MB": [],
        "layers unzipped, functions without FastAPI, MB": [],
    }
    assert verdict(kept) == 0
    assert "**" not in page(kept).partition("## shop")[2]


@pytest.mark.parametrize(
    ("planted", "missed", "shown"),
    [
        (results(of(0.63, [0.0007])), {"cold, HTTP functions ÷ floor"}, "**0.63**"),
        (results(of(0.6, [0.0009])), {"warm, get by id ÷ floor's get"}, "**0.90**"),
        (
            results(of(0.6, [0.0007], 1_451_000_000)),
            {"cold, HTTP functions, million instructions"},
            "**1451**",
        ),
        (results(consumer=0.5), {"cold, functions without FastAPI ÷ floor"}, "**0.50**"),
        (results(zipped=20_001), {"zip of a function, kB"}, "**20.0**"),
        (results(unzipped=30_100_000), {"layers unzipped, HTTP functions, MB"}, "**1**"),
    ],
)
def test_a_missed_bar_is_said_to_be_missed(
    planted: Results, missed: set[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {bar.what for bar in bars(planted) if bar.missed} == missed
    assert shown in page(planted)
    assert verdict(planted) == 1
    assert f"MISSED {missed.pop()}" in capsys.readouterr().out


def test_a_function_that_could_not_be_measured_fails_the_run_and_is_on_the_page() -> None:
    planted = results(refused="it answers 404")
    assert verdict(planted) == 1
    assert "**Not measured: shop/lost_thing.** it answers 404" in page(planted)


def test_every_function_is_in_the_plot_and_who_misses_is_marked() -> None:
    root = ET.fromstring(plot(results(consumer=0.5)))  # noqa: S314  # our own
    assert {"get_thing", "record_thing"} <= {text.text for text in root.iter() if text.text}
    colours = [each.get("class") for each in root.iter() if each.tag.endswith("rect")]
    assert colours == ["kept", "other", "missed", "other"]


@pytest.mark.parametrize(
    "refused",
    [
        {"statusCode": 422},
        {"batchItemFailures": [{"itemIdentifier": "1"}]},
        {"error": {"code": "CONSUMER_UNKNOWN"}},
        {"isAuthorized": True, "context": {"kind": "invalid"}},
    ],
)
def test_a_refused_request_is_not_measured(refused: dict[str, object]) -> None:
    with pytest.raises(worker.Refused):
        worker.check(refused)


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 201},
        {"batchItemFailures": []},
        {"done": True},
        {"isAuthorized": True, "context": {"kind": "user"}},
    ],
)
def test_a_success_is(answer: dict[str, object]) -> None:
    worker.check(answer)


def test_each_call_has_a_key_never_used_before() -> None:
    sample = {"headers": {"idempotency-key": "sample"}}
    keys = {worker.event(sample, n)["headers"]["idempotency-key"] for n in range(3)}
    assert len(keys) == 3
