"""Refusals without a cause, and events, letters, sums and views that say what is not so."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_DEMAND = "shared/inventory/domain/demand.py"
_GATEWAY = "shared/payments/adapters/sandbox_gateway.py"
_METHODS = "shared/payments/domain/methods.py"
_ORDER = "shared/orders/domain/order.py"
_CONSUMER = "shared/platform/entry/consumer.py"
_MESSAGES = "shared/notifications/domain/messages.py"
_READER = "shared/payments/adapters/payment_reader.py"
_FACTS = "shared/customers/domain/order_facts.py"
_SUMMARY = "shared/customers/domain/summary.py"
_ROUTE = "shared/platform/http/route.py"
_PRODUCT = "shared/catalog/domain/product.py"
_HISTORY = "shared/catalog/domain/price_history.py"
_MONEY = "shared/kernel/money.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "the last unit is refused",
        "an order for exactly what is left is rejected",
        _DEMAND,
        "_available(line, balances) < line.quantity",
        "_available(line, balances) <= line.quantity",
    ),
    mutant(
        "shortages paired by position",
        "of two products the customer hears the other's shortage",
        _DEMAND,
        "for line in self.lines if _lacks(line, balances))\n",
        "for line, _ in zip(self.lines, [1 for line in self.lines if _lacks(line, balances)]))\n",
    ),
    mutant(
        "a good card declined",
        "the gateway declines a card that its bank would charge",
        _METHODS,
        'SUCCEEDS = frozenset({"pm_card_visa", "pm_card_mastercard", TIMES',
        'SUCCEEDS = frozenset({"pm_card_visa", TIMES',
    ),
    mutant(
        "declined for another reason",
        "a customer without money on the card hears of an error",
        _GATEWAY,
        'reason="insufficient_funds"',
        'reason="processing_error"',
    ),
    mutant(
        "previous status after the change",
        "the event of a cancellation names the state it led to",
        _ORDER,
        "            previous_status=self.status.value,\n",
        "            previous_status=OrderStatus.CANCELLED.value,\n",
    ),
    mutant(
        "reserved is paid",
        "a cancellation before any payment says that money was taken",
        _ORDER,
        "            paid=self.status not in UNPAID and not self.is_free,\n",
        "            paid=self.status is not OrderStatus.PENDING and not self.is_free,\n",
    ),
    mutant(
        "what was free was paid",
        "a cancellation of an order over nothing says that money was taken",
        _ORDER,
        "            paid=self.status not in UNPAID and not self.is_free,\n",
        "            paid=self.status not in UNPAID,\n",
    ),
    mutant(
        "caused by its cause's cause",
        "an event names the event before the one that caused it",
        _CONSUMER,
        "        context.causation_id = event.id\n",
        "        context.causation_id = event.context.causation_id or event.id\n",
    ),
    mutant(
        "a story for each batch",
        "what consumers do is the story of their invocation",
        _CONSUMER,
        "        context.correlation_id = event.context.correlation_id\n",
        "",
    ),
    mutant(
        "the customer is the actor for ever",
        "what a consumer does is done in the name of whoever began the story",
        _CONSUMER,
        "        context.actor = self.name\n",
        "        context.actor = event.context.actor\n",
    ),
    mutant(
        "nothing goes back",
        "who has paid and cancels reads that nothing was charged",
        _MESSAGES,
        "    if order.paid:\n",
        "    if order.paid and order.by is None:\n",
    ),
    mutant(
        "letters in cents",
        "a letter names the amount in minor units",
        _MESSAGES,
        "payment of {order.total.format()}.",
        "payment of {order.total.amount} {order.total.currency}.",
    ),
    mutant(
        "sales reads the customer for the order",
        "the mail to sales names the wrong order",
        "shared/notifications/domain/large_order.py",
        '                f"Order: {order_id}",\n',
        '                f"Order: {customer_id}",\n',
    ),
    mutant(
        "what is asked for and what there is are changed over",
        "a letter says that as many are there as were asked for",
        _MESSAGES,
        "you asked for {short.requested}, ",
        "you asked for {short.available}, ",
    ),
    mutant(
        "a refund is not net",
        "a payment that went back is shown as money of the shop's",
        _READER,
        "        net = (amount if captured else zero) - refunded\n",
        "        net = amount if captured else zero\n",
    ),
    mutant(
        "voided shows nothing as something",
        "a payment that never was is shown over an amount of zero",
        _READER,
        "    net: Money | None = None\n",
        "    net: Money | None = Money.zero('EUR')\n",
    ),
    mutant(
        "completed beats cancelled",
        "an order that was cancelled after its payment counts as spent",
        _FACTS,
        "(End.CANCELLED, End.FAILED, End.COMPLETED)",
        "(End.COMPLETED, End.FAILED, End.CANCELLED)",
    ),
    mutant(
        "the last order is the last heard of",
        "a summary's latest order is whichever event came last",
        _SUMMARY,
        "            last_order_at=max(lasts, default=None),\n",
        "            last_order_at=now.placed_at or summary.last_order_at,\n",
    ),
    mutant(
        "what was spent is never taken away",
        "an order that is cancelled after its payment is spent twice over",
        _SUMMARY,
        "0) + by * facts.amount\n",
        "0) + facts.amount\n",
    ),
    mutant(
        "strangers known by their key",
        "two strangers who happen to use one key are one",
        _ROUTE,
        "fingerprint(route, [key, printed], key=secret)",
        "fingerprint(route, [key], key=secret)",
    ),
    mutant(
        "all strangers are one",
        "a stranger's registration is everybody's, whatever its key",
        _ROUTE,
        "fingerprint(route, [key, printed], key=secret)",
        "fingerprint(route, [], key=secret)",
    ),
    mutant(
        "a price window from the wrong end",
        "small steps add up: each is held to the price of a moment ago",
        _PRODUCT,
        "        then = price_at(self.price_history.value, moment)\n",
        "        then = price_at(self.price_history.value, self.updated_at)\n",
    ),
    mutant(
        "a price window of a day and a second",
        "a change is held to a price that is older than a day",
        _PRODUCT,
        "PRICE_CHANGE_WINDOW = timedelta(days=1)\n",
        "PRICE_CHANGE_WINDOW = timedelta(days=1, seconds=1)\n",
    ),
    mutant(
        "the price after the moment",
        "a change is held to the first price of the day, not to the one before",
        _HISTORY,
        "        (point for point in reversed(points) if point.since <= known), next",
        "        (point for point in points if point.since >= known), next",
    ),
    mutant(
        "a mailbox for each spelling",
        "who registers one mailbox in many spellings floods it with welcomes",
        "shared/notifications/domain/mailbox.py",
        """{local.partition('+')[0].replace('.', '') or local}""",
        """{local.partition('+')[0]}""",
    ),
    mutant(
        "one welcome more",
        "a mailbox gets a welcome more than it may",
        "shared/notifications/adapters/mailbox_limits.py",
        '"3 welcomes a day per mailbox"',
        '"4 welcomes a day per mailbox"',
    ),
    mutant(
        "one welcome less",
        "a mailbox does not get the last welcome that it has room for",
        "shared/notifications/adapters/mailbox_limits.py",
        '"3 welcomes a day per mailbox"',
        '"2 welcomes a day per mailbox"',
    ),
    mutant(
        "a fifth and a bit",
        "a price may move by a fifth and a little more",
        _MONEY,
        " * 100 > abs(of.amount) * percent\n",
        " * 100 > abs(of.amount) * (percent + 1)\n",
    ),
    mutant(
        "less than a fifth",
        "a price that moves by exactly a fifth is refused",
        _MONEY,
        " * 100 > abs(of.amount) * percent\n",
        " * 100 >= abs(of.amount) * percent\n",
    ),
)
