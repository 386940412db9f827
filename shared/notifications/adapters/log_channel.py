"""The log: who was notified of what, for the person on call."""

from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import Kind, Text
from shared.platform.runtime.settings import settings
from shared.platform.telemetry.logging import get_logger


class LogChannel:
    """Writes one line without name, address or text: the user's id has to do."""

    name = "log"

    def serves(self, to: Contact) -> bool:  # noqa: ARG002  # everybody
        return True

    def has_room(self, kind: Kind, to: Contact) -> bool:  # noqa: ARG002  # nobody is bothered
        return True

    def send(self, text: Text, *, kind: Kind, to: Contact, reference: str) -> None:
        get_logger(settings().service).info(
            "notification",
            kind=str(kind),
            recipient=to.id,
            subject=text.subject,
            reference=reference,
        )
