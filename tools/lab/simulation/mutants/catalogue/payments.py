"""Payments and the gateway."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_PROCESS = "shared/payments/use_cases/process_payment.py"
_REFUND = "shared/payments/use_cases/refund_payment.py"
_CONSUMERS = "shared/payments/consumers.py"
_SANDBOX = "shared/payments/adapters/sandbox_gateway.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "what was free is given back",
        "the gateway hears of an order that costs nothing when it is cancelled",
        "shared/payments/use_cases/refund_payment.py",
        "                if not command.was_free:\n",
        "                if True:\n",
    ),
    mutant(
        "old reservations of nothing charged",
        "an event of before, over nothing, is charged",
        "shared/payments/consumers.py",
        "    if isinstance(terms, ProcessPayment) and terms.amount.amount == 0:\n",
        "    if False:\n",
    ),
    Mutant(
        "a payment for each event",
        "an order whose two events both say what is due is charged for each of them",
        (
            Edit(
                _PROCESS,
                "            key=command.order_id, amount",
                "            key=f'{command.order_id}/{event_id()}', amount",
            ),
            Edit(
                _PROCESS,
                "        payment = uow.payments.find(command.order_id)\n",
                "        payment = uow.payments.find(f'{command.order_id}/{event_id()}')\n",
            ),
            Edit(
                _PROCESS,
                "        return Payment.settled(\n            command.order_id,\n",
                "        return Payment.settled(\n"
                "            f'{command.order_id}/{event_id()}',\n",
            ),
            Edit(
                _PROCESS,
                "from shared.payments.ports import PaymentGateway, PaymentsUnitOfWork\n",
                "from shared.payments.ports import PaymentGateway, PaymentsUnitOfWork\n"
                "from shared.platform.runtime.context import current\n\n\n"
                "def event_id() -> str:\n"
                "    inbox = current().inbox\n"
                "    return inbox.event_id if inbox else ''\n",
            ),
        ),
    ),
    mutant(
        "old reservations dropped",
        "of an event from before order.reserved said what is due nothing is charged",
        _CONSUMERS,
        '    if data.get("total") is None and',
        '    if event.type == "inventory.reserved" or data.get("total") is None and',
    ),
    mutant(
        "old reservations upcast to new ones",
        "what an old event says is due is lost where it is read as a new one",
        "shared/inventory/published.py",
        '    ("inventory.reserved", 1): dict,',
        '    ("inventory.reserved", 1): lambda data: {'
        ' n: v for n, v in data.items() if n not in ("total", "payment_method") },',
    ),
    mutant(
        "new reservations charged as well",
        "payments demand what is due of an event that does not say it any more",
        _CONSUMERS,
        '    if data.get("total") is None and data.get("payment_method") is None:\n',
        '    if event.type == "order.reserved" and data.get("total") is None:\n',
    ),
    Mutant(
        "gateway key per attempt",
        "a charge that is asked for again is another charge",
        (
            Edit(
                _PROCESS,
                "            key=command.order_id, amount",
                '            key=f"{command.order_id}/{new_id()}", amount',
            ),
            Edit(
                _PROCESS,
                "from shared.kernel.money import Money\n",
                "from shared.kernel.ids import new_id\nfrom shared.kernel.money import Money\n",
            ),
        ),
    ),
    Mutant(
        "recorded before it is charged",
        "a payment is on record that may never be made",
        (
            Edit(
                _PROCESS,
                "            outcome=self.gateway.charge(request),\n",
                '            outcome=Success(Charge(reference="soon")),\n',
            ),
            Edit(
                _PROCESS,
                "            uow.commit()\n",
                "            uow.commit()\n"
                "            if isinstance(command, ProcessPayment):\n"
                "                self.gateway.charge(\n"
                "                    ChargeRequest(\n"
                "                        key=command.order_id,\n"
                "                        amount=command.amount,\n"
                "                        payment_method=command.payment_method,\n"
                "                    )\n"
                "                )\n",
            ),
            Edit(
                _PROCESS,
                "from shared.payments.domain.gateway import ChargeRequest\n",
                "from shared.kernel.result import Success\n"
                "from shared.payments.domain.gateway import Charge, ChargeRequest\n",
            ),
        ),
    ),
    Mutant(
        "nobody cancels at the gateway",
        "an order that is cancelled while it is charged stays charged",
        (
            Edit(
                _REFUND,
                "                self.gateway.cancel(command.order_id)\n",
                "                pass\n",
            ),
            Edit(
                _PROCESS,
                "            self.gateway.cancel(command.order_id)\n",
                "            pass\n",
            ),
        ),
    ),
    mutant(
        "no tombstone",
        "an order that is cancelled before it is charged leaves no trace in payments",
        _REFUND,
        "                uow.payments.save(payment)\n            elif",
        "                pass\n            elif",
    ),
    mutant(
        "refund only on record",
        "the money is recorded as refunded, and the gateway was never asked",
        _REFUND,
        "                payment.refund(self.gateway.refund(command.order_id), now=now)\n",
        "                from shared.payments.domain.gateway import Refund\n\n"
        '                payment.refund(Refund(reference="later"), now=now)\n',
    ),
    mutant(
        "silence taken for a refusal",
        "a charge whose answer was lost counts as declined",
        _SANDBOX,
        '            raise GatewayUnavailable("the gateway did not answer in time")\n',
        "            return Failure(_UNKNOWN)\n",
    ),
    mutant(
        "refunded once more",
        "a refund that is asked for again goes out again",
        _SANDBOX,
        '                        "SET refunded = captured,"\n',
        '                        "SET refunded = refunded + captured,"\n',
    ),
    mutant(
        "the gateway's key is no key",
        "asking the gateway again captures again",
        _SANDBOX,
        '                    ConditionExpression="attribute_not_exists(PK)",\n',
        "",
    ),
    mutant(
        "cancelled charge refunded only if new",
        "cancelling at the gateway leaves alone what was captured",
        _SANDBOX,
        '        if not first and entry["status"] == CAPTURED:\n',
        '        if first and entry["status"] == CAPTURED:\n',
    ),
    mutant(
        "declined cards are charged",
        "the gateway captures from cards that it declines",
        _SANDBOX,
        "        captured = 0 if declined else request.amount.amount\n",
        "        captured = request.amount.amount\n",
    ),
)
