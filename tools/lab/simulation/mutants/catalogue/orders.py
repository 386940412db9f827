"""Orders and the saga."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_ORDER = "shared/orders/domain/order.py"
_ORDERS = "shared/orders/adapters/unit_of_work.py"
_CANCEL = "shared/orders/use_cases/cancel_order.py"
_PLACE = "shared/orders/use_cases/place_order.py"
_RECORD = "shared/orders/use_cases/record_reservation.py"
_GET = "shared/orders/queries/get_order.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "paid though cancelled",
        "an order that was cancelled is completed by its payment",
        _ORDER,
        "        if self.status not in UNPAID:\n            return\n"
        "        self._happen(events.OrderPaid(",
        "        if self.status not in (*UNPAID, OrderStatus.CANCELLED):\n            return\n"
        "        self._happen(events.OrderPaid(",
    ),
    mutant(
        "paid only after reserved",
        "a payment that overtakes the event of the reservation is forgotten",
        _ORDER,
        "        if self.status not in UNPAID:\n            return\n"
        "        self._happen(events.OrderPaid(",
        "        if self.status is not OrderStatus.RESERVED:\n            return\n"
        "        self._happen(events.OrderPaid(",
    ),
    mutant(
        "declined only after reserved",
        "a refusal that overtakes the event of the reservation is forgotten",
        _ORDER,
        "        if self.status not in UNPAID:\n            return\n        failure",
        "        if self.status is not OrderStatus.RESERVED:\n            return\n        failure",
    ),
    mutant(
        "no release after a refusal",
        "goods of an order whose card was declined stay held",
        _ORDER,
        "        self._happen(released, at)\n",
        "        assert released\n",
    ),
    mutant(
        "late reservation goes backwards",
        "a reservation that arrives late turns a paid order into a reserved one",
        _ORDER,
        "        if self.status is not OrderStatus.PENDING:\n            return\n"
        "        if self.is_free",
        "        if self.is_free",
    ),
    mutant(
        "reserved without terms",
        "the order does not say what is due when its goods are set aside",
        _ORDER,
        "            total=self.total,\n            payment_method=self.payment_method,\n"
        "        )\n        self._happen(reserved, at)",
        "            total=None,\n            payment_method=None,\n"
        "        )\n        self._happen(reserved, at)",
    ),
    mutant(
        "what has ended can be cancelled",
        "an order that failed is cancelled, again and again",
        _ORDER,
        "        if self.status not in CANCELLABLE:\n",
        "        if self.status is OrderStatus.SHIPPED:\n",
    ),
    mutant(
        "cancelled only before it is paid for",
        "a cancellation that races the payment is refused where it must not be",
        "shared/orders/domain/status.py",
        "CANCELLABLE = (*UNPAID, OrderStatus.PAID, OrderStatus.CONFIRMED)\n",
        "CANCELLABLE = UNPAID\n",
    ),
    mutant(
        "anybody cancels",
        "customers cancel each other's orders",
        _CANCEL,
        "            if not (is_owner or command.manages_orders):\n",
        "            if False:\n",
    ),
    mutant(
        "anybody looks",
        "customers see each other's orders",
        _GET,
        "    if not (query.manages_orders or customer_id == query.requested_by):\n",
        "    if False:\n",
    ),
    mutant(
        "answer to a cancellation not remembered",
        "cancelling again with the same key is refused",
        _CANCEL,
        "            uow.commit(cancelled)\n",
        "            uow.commit()\n",
    ),
    mutant(
        "answer to an order not remembered",
        "ordering again with the same key is another order",
        _PLACE,
        "            uow.commit(placed)\n",
        "            uow.commit()\n",
    ),
    mutant(
        "nothing to do, nothing marked",
        "an event that changes nothing any more leaves no marker",
        _RECORD,
        "            uow.commit()\n",
        "            if order.pending_events:\n                uow.commit()\n",
    ),
    mutant(
        "order counted at every change",
        "a customer has as many orders as things happened to them",
        _ORDERS,
        "        if aggregate.committed_version == 0:\n",
        "        if aggregate.pending_events:\n",
    ),
    mutant(
        "order decided on in the index",
        "whether an order can be cancelled is decided on a list that lags behind",
        _CANCEL,
        "            order = uow.orders.get(command.order_id)\n",
        "            order = _listed(uow, command)\n",
    ),
    mutant(
        "prices of yesterday",
        "a warm function goes on with the first prices it ever read",
        _PLACE,
        "        quotes = self.prices.quote([id for id in quantities if is_id(id)])\n",
        "        seen = _SEEN.setdefault(id(self.prices), {})\n"
        "        for wanted in quantities:\n"
        "            if wanted not in seen:\n"
        "                seen |= self.prices.quote([wanted])\n"
        "        quotes = seen\n",
    ),
    mutant(
        "nothing is charged like anything",
        "an order that costs nothing is charged, and may be declined",
        _ORDER,
        "        if self.is_free:\n",
        "        if False:\n",
    ),
    mutant(
        "free means not reserved",
        "an order that costs nothing stands before its goods are there",
        _PLACE,
        "            placed = uow.orders.save(order)\n",
        "            if order.is_free:\n"
        "                order.record_reservation(at=uow.now)\n"
        "            placed = uow.orders.save(order)\n",
    ),
    mutant(
        "what is free keeps a card",
        "an order over nothing keeps the payment method that it does not need",
        _ORDER,
        "payment_method=payment_method if total.amount else None,",
        "payment_method=payment_method,",
    ),
    mutant(
        "what is free needs a card",
        "an order over nothing is refused where it names no payment method",
        _ORDER,
        "        if total.amount and payment_method is None:\n",
        "        if payment_method is None:\n",
    ),
    mutant(
        "what is due needs no card",
        "an order is placed that can never be paid",
        _ORDER,
        "        if total.amount and payment_method is None:\n",
        "        if total.amount < 0:\n",
    ),
    mutant(
        "cancelled at any version",
        "an order is cancelled that its customer has not seen: it was paid meanwhile",
        _CANCEL,
        "            OrderChanged.check(command.versions, version=order.version)\n",
        "            assert OrderChanged\n",
    ),
    mutant(
        "everybody sees who",
        "ids of staff and names of services are in a customer's history",
        "shared/orders/http/get_order_history.py",
        "        known = reader.everybodys or actor == reader.user_id\n",
        "        known = True\n",
    ),
    mutant(
        "cancelled for ever",
        "a customer cancels an order days after it was paid",
        _ORDER,
        "at >= self.paid_at + until:\n",
        "until == timedelta():\n",
    ),
    mutant(
        "too late after a moment",
        "a customer hears that it is too late to cancel, and it is not",
        "shared/orders/adapters/settings.py",
        "timedelta(minutes=self.cancel_paid_minutes)",
        "timedelta(milliseconds=self.cancel_paid_minutes)",
    ),
    mutant(
        "staff cancel in the customer's name",
        "the event says that the customer cancelled what the shop did",
        _CANCEL,
        "            by = CancelledBy.CUSTOMER if is_owner else CancelledBy.STAFF\n",
        "            by = CancelledBy.CUSTOMER\n",
    ),
    mutant(
        "what was seen is not looked at",
        "who saw one price is charged another",
        _PLACE,
        "                raise PriceChanged(total, outdated)\n",
        "                pass\n",
    ),
    mutant(
        "a price that has fallen is as expected",
        "who names what they would pay is charged something else, as long as it is less",
        _PLACE,
        "        if self.expected_total not in (None, total):\n",
        "        if self.expected_total and self.expected_total < total:\n",
    ),
    mutant(
        "versions of products not compared",
        "who names the version that they saw is charged another one's price",
        _PLACE,
        "            if line.product_version not in (None, quote.version):\n",
        "            if False:\n",
    ),
)
_INDEX = """

def _listed(uow, command):  # type: ignore[no-untyped-def]
    from shared.orders.domain.status import OrderStatus
    from shared.platform.dynamodb.reading import query

    order = uow.orders.get(command.order_id)
    listed = query(
        uow.client,
        uow.table,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :customer",
        ExpressionAttributeValues={":customer": f"CUSTOMER#{order.customer_id}"},
    )
    for item in listed:
        if item["id"] == order.id:
            order.status = OrderStatus(item["status"])
    return order
"""
_AFTER = {
    "order decided on in the index": Edit(
        _CANCEL, "        return cancelled\n", "        return cancelled\n" + _INDEX
    ),
    "prices of yesterday": Edit(
        _PLACE,
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass PlaceOrderHandler",
        "_SEEN: dict = {}  # type: ignore[type-arg]\n\n\n"
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass PlaceOrderHandler",
    ),
}
MUTANTS = tuple(
    Mutant(each.name, each.breaks, (*each.edits, _AFTER[each.name]))
    if each.name in _AFTER
    else each
    for each in MUTANTS
)
