"""The templates are code, too."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_ORDERS = "functions/orders/template.yaml"
_PAYMENTS = "functions/payments/template.yaml"
_CUSTOMERS = "functions/customers/template.yaml"
_INVENTORY = "functions/inventory/template.yaml"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "old subscription gone too early",
        "what inventory says as it did before reaches payments no more",
        _PAYMENTS,
        "        detail-type: [order.reserved, inventory.reserved]",
        "        detail-type: [order.reserved]",
    ),
    mutant(
        "rule forgets an event",
        "nobody hears that stock was short",
        _ORDERS,
        "        detail-type: [payment.failed, inventory.rejected]\n",
        "        detail-type: [payment.failed]\n",
    ),
    mutant(
        "rule forgets a source",
        "a release that an order asks for never reaches inventory",
        _INVENTORY,
        "        detail-type: [inventory.release_requested, order.cancelled]\n",
        "        detail-type: [order.cancelled]\n",
    ),
    mutant(
        "rule with a source that nobody has",
        "who was to hear of orders hears of none: nobody says so, and nothing fails",
        _CUSTOMERS,
        "        source: [tradewind.orders]\n",
        "        source: [tradewind.order]\n",
    ),
    mutant(
        "rule forgets where an event comes from",
        "of those who say that a payment failed or stock was short only one is heard",
        _ORDERS,
        "        source: [tradewind.payments, tradewind.inventory]\n",
        "        source: [tradewind.payments]\n",
    ),
)
