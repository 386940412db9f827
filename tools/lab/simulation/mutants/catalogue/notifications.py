"""Telling customers."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_NOTIFY = "shared/notifications/use_cases/notify.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "recorded before it is sent",
        "a mail is on record that was never sent",
        _NOTIFY,
        "                channel.send(text, kind=kind, to=contact)\n",
        "                if channel.name != 'email':\n"
        "                    channel.send(text, kind=kind, to=contact)\n",
    ),
    mutant(
        "failed taken for sent",
        "a mail that the mail service refused counts as sent",
        _NOTIFY,
        "                status = DeliveryStatus.FAILED\n",
        "                pass\n",
    ),
    mutant(
        "sent again at every delivery",
        "who was notified already is notified again",
        _NOTIFY,
        "            if known.notification is None and not is_past:\n"
        "                uow.notifications.save(self._tell(command, contact))\n",
        "            tell = self._tell(command, contact)\n"
        "            if known.notification is None and not is_past:\n"
        "                uow.notifications.save(tell)\n",
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
        "        if known is not None or told > command.moment.version:\n",
        "        if known is not None or told >= command.moment.version:\n",
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
                "        return Notification.sent(\n            command.event_id,\n",
                "        from shared.kernel.ids import new_id\n\n"
                "        return Notification.sent(\n            new_id(),\n",
            ),
        ),
    ),
)
