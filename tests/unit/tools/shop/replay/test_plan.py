"""Orders, cancellations and the order of steps, from the small file and by hand."""

from collections import Counter

import pytest

from tools.shop.replay.lines import Reason
from tools.shop.replay.orders import PlannedLine, PlannedOrder
from tools.shop.replay.plan import Cancel, Place, Plan, price_order


def test_lines_of_one_product_at_one_price_are_merged(plan: Plan) -> None:
    """Capital and small letters too."""
    assert plan.orders[0].lines == (
        PlannedLine("85123A", 8, 255),
        PlannedLine("71053", 7, 339),
    )
    assert plan.orders[0].total == 8 * 255 + 7 * 339


def test_two_prices_of_a_product_make_two_orders(plan: Plan) -> None:
    first, second = (order for order in plan.orders if order.invoice == "600002")
    assert (first.part, second.part) == (1, 2)
    assert first.lines == (PlannedLine("22752", 2, 765), PlannedLine("85123A", 4, 295))
    assert second.lines == (PlannedLine("22752", 1, 650),)


def test_every_line_is_accounted_for(plan: Plan) -> None:
    assert Counter(line.reason for line in plan.refused) == {
        Reason.SERVICE: 9,
        Reason.UNREADABLE: 3,
        Reason.NO_CUSTOMER: 2,
        Reason.ZERO_PRICE: 1,
        Reason.NEGATIVE_PRICE: 1,
        Reason.NEGATIVE_QUANTITY: 1,
        Reason.ZERO_QUANTITY: 1,
        Reason.PART_PENNY: 1,
    }
    (skipped,) = plan.skipped
    assert (skipped.invoice, len(skipped.lines)) == ("600009", 52)
    counted = len(plan.sales) + plan.cancellations + len(plan.refused) + len(skipped.lines)
    assert counted == plan.lines


def test_an_order_taken_back_to_the_last_unit_is_cancelled(plan: Plan) -> None:
    """By one cancellation, or by the last of several."""
    cancels = [step for step in plan.steps if isinstance(step, Cancel)]
    assert [(plan.orders[step.order].invoice, step.invoice) for step in cancels] == [
        ("600003", "C600004"),
        ("600011", "C600013"),
    ]
    assert plan.whole == {step.order for step in cancels}


def test_an_order_taken_back_in_part_stands(plan: Plan) -> None:
    (match,) = plan.partial
    assert (match.line.invoice, match.quantity, match.amount) == ("C600005", 1, 765)
    assert [line.invoice for line in plan.unmatched] == ["C600006"]


def test_a_cancellation_takes_the_order_of_its_price_before_the_latest(plan: Plan) -> None:
    """600003 at 2.55, though 600001 at 2.55 is older: the latest of those at the price."""
    assert [match.order for match in plan.matches if match.line.invoice == "C600004"] == [3]


def test_products_have_the_first_price_and_enough_stock(plan: Plan) -> None:
    products = {product.mnemonic: product for product in plan.products}
    holder = products["85123A"]
    assert (holder.price, holder.units) == (255, 8 + 4 + 12 + 4)
    assert holder.overview == "WHITE HANGING HEART T-LIGHT HOLDER"
    assert set(products) == {"85123A", "71053", "22752", "21730", "84879", "DCGSSBOY"}


def test_steps_wait_for_the_orders_at_the_price_before(plan: Plan) -> None:
    """2.55 in order 0, 2.95 in order 1, 2.55 again in order 3, 2.95 again in order 6."""
    after = {step.order.index: step.after for step in plan.steps if isinstance(step, Place)}
    assert after == {0: set(), 1: {0}, 2: {1}, 3: {1}, 4: set(), 5: set(), 6: {3}}


@pytest.mark.parametrize(
    ("prices", "after"),
    [
        ([1, 1, 1], [set(), set(), set()]),
        ([1, 1, 2, 2, 1], [set(), set(), {0, 1}, {0, 1}, {2, 3}]),
    ],
)
def test_orders_at_one_price_need_not_wait(prices: list[int], after: list[set[int]]) -> None:
    orders = [
        PlannedOrder(index, str(index), 1, "c", (PlannedLine("P", 1, price),))
        for index, price in enumerate(prices)
    ]
    assert price_order(orders) == after
