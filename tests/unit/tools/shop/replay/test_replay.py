"""A whole replay of the small file, and what it says when one thing is wrong with the shop."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.unit.tools.shop.replay.shop_in_memory import InMemoryShop
from tools.shop.api_client.errors import ApiError
from tools.shop.api_client.models import Price
from tools.shop.replay.audit import look
from tools.shop.replay.importing import Imported, import_customers, import_products
from tools.shop.replay.placing import Placing
from tools.shop.replay.plan import Plan
from tools.shop.replay.reconcile import Check, reconcile
from tools.shop.replay.results import Run, Seen


@pytest.fixture
def shop() -> InMemoryShop:
    return InMemoryShop()


def _replay(plan: Plan, shop: InMemoryShop, threads: int = 4) -> tuple[Run, Seen]:
    imported = Imported()
    with ThreadPoolExecutor(threads) as pool:
        import_products(shop, plan, imported, pool, lambda: None)
        import_customers(shop, plan, imported, pool, lambda: None)
        run = Placing(shop, imported, plan, lambda: None).carry_out(pool)
        return run, look(shop, plan, run, imported, pool, lambda: None)


def _broken(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if not check.holds]


@pytest.mark.parametrize("threads", [1, 8])
def test_the_books_balance(plan: Plan, shop: InMemoryShop, threads: int) -> None:
    run, seen = _replay(plan, shop, threads)
    assert _broken(reconcile(plan, run, seen)) == []
    assert run.price_changes == 4
    outcomes = {plan.orders[i].invoice: order.outcome for i, order in run.orders.items()}
    assert {invoice for invoice, outcome in outcomes.items() if outcome == "cancelled"} == {
        "600003",
        "600011",
    }
    captured = sum(payment.net_amount for payment in seen.payments.values())
    cancelled = sum(plan.orders[index].total for index in plan.whole)
    file = sum(line.quantity * line.price for line in plan.sales)
    assert captured == file - cancelled


def test_a_second_replay_in_the_same_shop_balances_too(plan: Plan, shop: InMemoryShop) -> None:
    _replay(plan, shop)
    run, seen = _replay(plan, shop)
    assert _broken(reconcile(plan, run, seen)) == []
    assert len(shop.placed) == 2 * len(plan.orders)


def _penny_short(plan: Plan, run: Run, seen: Seen) -> None:
    payment = seen.payments[0]
    less = Price(amount=payment.net_amount - 1, currency="GBP")
    seen.payments[0] = payment.model_copy(update={"net": less})  # type: ignore[index]


def _two_wrongs(plan: Plan, run: Run, seen: Seen) -> None:
    """A penny too little here and too much there: the sum alone would not tell."""
    for index, by in ((0, -1), (1, 1)):
        payment = seen.payments[index]
        other = Price(amount=payment.net_amount + by, currency="GBP")
        seen.payments[index] = payment.model_copy(update={"net": other})  # type: ignore[index]


def _no_refund(plan: Plan, run: Run, seen: Seen) -> None:
    paid = Price(amount=plan.orders[3].total, currency="GBP")
    seen.payments[3] = seen.payments[3].model_copy(update={"net": paid})  # type: ignore[index]


def _stuck(plan: Plan, run: Run, seen: Seen) -> None:
    run.orders[0] = run.orders[0].model_copy(update={"outcome": "in_progress"})


def _not_cancelled(plan: Plan, run: Run, seen: Seen) -> None:
    run.orders[3] = run.orders[3].model_copy(update={"outcome": "completed"})


def _wrong_price(plan: Plan, run: Run, seen: Seen) -> None:
    total = Price(amount=run.orders[0].total.amount + 1, currency="GBP")
    run.orders[0] = run.orders[0].model_copy(update={"total": total})


def _lost_order(plan: Plan, run: Run, seen: Seen) -> None:
    run.failures[0] = "503 TEMPORARILY_UNAVAILABLE"
    del run.orders[0]


def _stock(**by: int) -> Callable[[Plan, Run, Seen], None]:
    def plant(plan: Plan, run: Run, seen: Seen) -> None:
        stock = seen.after["71053"]
        changed = {field: getattr(stock, field) + units for field, units in by.items()}
        seen.after["71053"] = stock.model_copy(update=changed)  # type: ignore[index]

    return plant


@pytest.mark.parametrize(
    ("plant", "broken"),
    [
        (_penny_short, ["revenue captured"]),
        (_two_wrongs, ["revenue captured"]),
        (_no_refund, ["revenue captured"]),
        (_stuck, ["orders ended as the file says", "revenue captured", "units sold"]),
        (_not_cancelled, ["orders ended as the file says", "revenue captured", "units sold"]),
        (_wrong_price, ["value of the orders placed"]),
        (_lost_order, ["orders placed", "orders ended as the file says", "units sold"]),
        (_stock(sold=1, available=-1), ["units sold"]),
        (_stock(reserved=1, available=-1), ["units still reserved"]),
        (_stock(received=1, available=1), ["units delivered"]),
        (_stock(available=-1), ["received = available + reserved + sold"]),
    ],
    ids=[
        "a penny short",
        "errors that cancel out",
        "no refund",
        "stuck order",
        "not cancelled",
        "wrong price",
        "lost order",
        "sold too much",
        "still reserved",
        "delivered twice",
        "vanished unit",
    ],
)
def test_a_planted_imbalance_is_found(
    plan: Plan,
    shop: InMemoryShop,
    plant: Callable[[Plan, Run, Seen], None],
    broken: list[str],
) -> None:
    run, seen = _replay(plan, shop)
    plant(plan, run, seen)
    assert _broken(reconcile(plan, run, seen)) == broken


def test_a_line_that_is_lost_on_the_way_is_found(plan: Plan, shop: InMemoryShop) -> None:
    run, seen = _replay(plan, shop)
    plan.sales.pop()  # type: ignore[attr-defined]
    assert _broken(reconcile(plan, run, seen)) == [
        "lines of the file accounted for",
        "value of the sales lines, as orders",
    ]


def test_an_order_that_is_refused_is_reported_and_holds_up_nobody(
    plan: Plan, shop: InMemoryShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shop.place_order
    calls = iter(range(100))

    def refuse_first(*args: object, **kwargs: object) -> object:
        if next(calls) == 0:
            raise ApiError(422, "VALIDATION_FAILED", "no", {})
        return place(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(shop, "place_order", refuse_first)
    run, seen = _replay(plan, shop, threads=1)
    assert list(run.failures) == [0]
    assert len(run.orders) == len(plan.orders) - 1
    assert "orders placed" in _broken(reconcile(plan, run, seen))
