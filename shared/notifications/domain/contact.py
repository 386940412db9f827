"""Where a customer is reached."""

from dataclasses import dataclass
from typing import Self

from shared.kernel.aggregate import Aggregate
from shared.kernel.email import Email
from shared.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded(DomainEvent):
    """From now on the user can be reached. Says not where: others have no need to know."""

    type = "contact.recorded"

    user_id: str


class Contact(Aggregate):
    """A user's name and address, as identity announced them; its id is the user's."""

    aggregate_type = "Contact"

    def __init__(self, id: str, *, name: str, email: Email, version: int = 0) -> None:
        super().__init__(id, version=version)
        self.name = name
        self.email = email

    @classmethod
    def record(cls, user_id: str, *, name: str, email: Email) -> Self:
        """Return the contact of a user who has just registered."""
        contact = cls(user_id, name=name, email=email)
        contact._record(ContactRecorded(user_id=user_id))
        return contact
