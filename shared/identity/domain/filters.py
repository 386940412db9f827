"""Which users an administrator wants to see: specifications over users as they are stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.kernel.clock import to_iso
from shared.kernel.specification import Attribute, Comparison, Specification, all_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFilter:
    """Everything a list of users can be narrowed by; ``None`` narrows nothing.

    ``search`` is part of a name or of an address, whatever its case.
    """

    active: bool | None = None
    search: str | None = None
    email_domain: str | None = None
    role: str | None = None
    created_after: datetime | None = None

    def specification(self) -> Specification[Any] | None:
        """Return what meets all of it; ``None`` for every user."""
        return all_of(self._parts())

    def _parts(self) -> Iterator[Specification[Any]]:
        if self.created_after is not None:
            yield Attribute("created_at", Comparison.GREATER, to_iso(self.created_after))
        if self.active is not None:
            yield Attribute("active", Comparison.EQUAL, self.active)
        if self.role is not None:
            yield Attribute("roles", Comparison.CONTAINS, self.role)
        if self.email_domain is not None:
            yield Attribute("email_domain", Comparison.EQUAL, self.email_domain.lower())
        if self.search is not None:
            yield Attribute("sought", Comparison.CONTAINS, self.search.casefold())
