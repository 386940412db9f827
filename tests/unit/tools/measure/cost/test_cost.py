"""The cost report counts every endpoint and multiplies by the price list, nothing else."""

from pathlib import Path

import pytest

from tools.docs.catalogue import routes
from tools.measure.cost.measure import Phase, phases
from tools.measure.cost.prices import PRICES, Prices
from tools.measure.cost.report import MILLION, markdown
from tools.measure.cost.usage import PARTS, Usage

pytestmark = pytest.mark.row("OPS-06")

LEFT_OUT = {
    "gateway/get_product_details": "the simulator has no gateway context",
    "gateway/health": "asked by monitors, not by customers",
    "gateway/ready": "asked by monitors, not by customers",
    "identity/get_jwks": "kept by whoever asks for it",
    "operations/list_flags": "for administrators, a few times a day",
    "operations/set_flag": "for administrators, a few times a day",
}


@pytest.fixture(scope="module")
def measured() -> list[Phase]:
    return phases()


def test_every_endpoint_is_in_the_report_or_left_out_for_a_reason(measured: list[Phase]) -> None:
    known = {route.function for route in routes()}
    counted = {phase.function.replace(".", "/") for phase in measured}
    assert counted | set(LEFT_OUT) == known
    assert not counted & set(LEFT_OUT)
    assert len(counted) > 15


def test_a_paid_order_is_counted_to_its_end(measured: list[Phase]) -> None:
    order = next(phase for phase in measured if phase.function == "orders.place_order")
    assert {
        "orders.place_order",
        "inventory.reserve_stock",
        "payments.process_payment",
        "orders.finalize_order",
        "inventory.commit_stock",
        "notifications.notify_on_event",
        "orders.relay_events",
    } <= set(order.used)
    whole = order.total()
    assert (whole.mails, whole.requests) == (1, 1)
    assert whole.write_units > order.of("orders.place_order").write_units > 0


def test_a_query_costs_reads_and_no_writes(measured: list[Phase]) -> None:
    get = next(phase for phase in measured if phase.function == "catalog.get_product")
    assert (get.total().read_units, get.total().write_units) == (1, 0)


def test_dollars_are_the_price_list_times_what_was_used() -> None:
    prices = Prices.read()
    used = Usage(invocations=2, cpu_seconds=0.010, calls=4, read_units=3, write_units=5, events=7)
    cost = used.dollars(prices)
    assert tuple(cost) == PARTS
    assert cost["DynamoDB"] == pytest.approx(3 * 0.125e-6 + 5 * 0.625e-6)
    assert cost["events"] == pytest.approx(7 * 1e-6)
    seconds = (0.010 + 2 * 0.0015) / (1024 / 1769) + 4 * 0.005
    assert cost["Lambda"] == pytest.approx(2 * 0.2e-6 + seconds * 0.0000133334)
    assert cost["mail"] == 0


def test_the_report_has_a_line_for_every_call_and_the_price_of_a_million_orders(
    measured: list[Phase],
) -> None:
    prices = Prices.read()
    text = markdown(measured, prices)
    for phase in measured:
        assert phase.name in text
    paid = next(phase for phase in measured if phase.function == "orders.place_order")
    writes = paid.total().write_units * prices.of("dynamodb", "write_request_unit") * MILLION
    assert writes > 1
    assert prices.as_of in text
    assert "**together**" in text


def test_a_price_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES.read_text().replace("mail = 0.10e-3", "mail = 0"))
    with pytest.raises(ValueError, match=r"ses\.mail"):
        Prices.read(path)
