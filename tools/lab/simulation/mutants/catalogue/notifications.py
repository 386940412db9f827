"""Telling customers."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_NOTIFY = "shared/notifications/use_cases/notify.py"
_DELIVERY = "shared/notifications/domain/delivery.py"
_CHANNEL = "shared/notifications/adapters/email_channel.py"
_WIRING = "shared/notifications/wiring.py"
_CALL = """\
                channel.send(
                    notification.text, kind=notification.kind, to=contact, reference=reference
                )
"""
_REFUSED = "                notification.refused(channel.name, str(error))\n"
_CHECKPOINT = """\
            uow.checkpoint()
            refusal = self._try(notification, due, contact)
"""

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "recorded and never sent",
        "a mail is on record that was never sent",
        _NOTIFY,
        _CALL,
        "                if channel.name != 'email':\n"
        "                    channel.send(\n"
        "                        notification.text,\n"
        "                        kind=notification.kind,\n"
        "                        to=contact,\n"
        "                        reference=reference,\n"
        "                    )\n",
    ),
    mutant(
        "refused taken for sent",
        "a mail that the mail service refused counts as sent",
        _NOTIFY,
        "                refusal = error\n" + _REFUSED,
        "                notification.sent(channel.name)\n",
    ),
    mutant(
        "refused mail acknowledged",
        "a mail that the mail service refused for now is recorded as failed, and never sent",
        _NOTIFY,
        "                refusal = error\n" + _REFUSED,
        "                notification.failed(channel.name, str(error))\n",
    ),
    mutant(
        "no intent on record",
        "a mail goes out twice when its function dies behind the call",
        _NOTIFY,
        _CHECKPOINT,
        "            refusal = self._try(notification, due, contact)\n",
    ),
    mutant(
        "an attempt of which nothing is known is not waited for",
        "a mail goes out twice when its message comes again meanwhile",
        _DELIVERY,
        "            self._wait(now)\n            if promise",
        "            if promise",
    ),
    mutant(
        "what must not repeat is repeated",
        "a mail that must not come twice does",
        _DELIVERY,
        "            if promise is Promise.MUST_NOT_REPEAT:\n",
        "            if promise is None:\n",
    ),
    mutant(
        "what must arrive is given up",
        "a mail that must arrive is lost when its function dies at the call",
        _DELIVERY,
        "            if promise is Promise.MUST_NOT_REPEAT:\n",
        "            if promise:\n",
    ),
    mutant(
        "a lost answer taken for a refusal",
        "a mail goes out twice when the mail service's answer is lost",
        _CHANNEL,
        "            return DeliveryFailed(code)\n        return DeliveryUnclear(code)\n",
        "            return DeliveryFailed(code)\n        return DeliveryFailed(code)\n",
    ),
    mutant(
        "an internal error taken for a refusal",
        "a mail goes out twice when the mail service falls over behind it",
        _CHANNEL,
        "                return DeliveryUnclear(code)\n",
        "                return DeliveryFailed(code)\n",
    ),
    mutant(
        "the SDK sends a mail again",
        "a mail goes out twice when the SDK hears no answer",
        _WIRING,
        '    email = EmailChannel(\n        client("ses", attempts=1),\n',
        '    email = EmailChannel(\n        client("ses"),\n',
    ),
    mutant(
        "thresholds in whole units",
        "sales hears of orders that are large in cents only",
        "shared/notifications/adapters/email_channel.py",
        "                threshold = Money.of(units, currency)\n",
        "                threshold = Money(int(units), currency)\n",
    ),
    mutant(
        "sales alerted too late",
        "sales hears of no large order whose customer has been told that it is complete",
        "shared/notifications/use_cases/notify_sales.py",
        "        if told > command.moment.version:\n",
        "        if told >= command.moment.version:\n",
    ),
    Mutant(
        "what was is told after what is",
        "a customer who knows that the order is cancelled reads that it is set aside for them",
        (
            Edit(
                _NOTIFY,
                "            is_past = moment is not None and known.told > moment.version\n",
                "            is_past = False\n",
            ),
            Edit(
                "shared/notifications/adapters/unit_of_work.py",
                'condition=later, values={":version": moment.version}',
                "condition=later and None",
            ),
        ),
    ),
    mutant(
        "whoever knows of an order hears no more",
        "a customer who was told that an order is complete does not hear that it is cancelled",
        _NOTIFY,
        "            is_past = moment is not None and known.told > moment.version\n",
        "            is_past = known.told > 0\n",
    ),
    mutant(
        "stranger acknowledged",
        "a customer whose registration is late never hears of an order's end",
        _NOTIFY,
        "            if contact is None:\n",
        "            if contact is None and command.registration is None:\n"
        "                uow.commit()\n"
        "                return\n"
        "            if contact is None:\n",
    ),
    Mutant(
        "notification under a new id",
        "what was sent is on record under an id of its own, and sent again",
        (
            Edit(
                _NOTIFY,
                "        return Notification.due(\n            command.event_id,\n",
                "        from shared.kernel.ids import new_id\n\n"
                "        return Notification.due(\n            new_id(),\n",
            ),
        ),
    ),
)
