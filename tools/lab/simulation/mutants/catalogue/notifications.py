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
        "            if known is None:\n               "
        " uow.notifications.save(self._tell(command, contact))\n",
        "            tell = self._tell(command, contact)\n"
        "            if known is None:\n                uow.notifications.save(tell)\n",
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
