"""What commands and queries return about a business rule."""

from dataclasses import dataclass
from typing import Any

from shared.catalog.domain.rule import BusinessRule
from shared.kernel.commands import CommandResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDetails(CommandResult):
    """A rule; moments are RFC 3339 in UTC, ``ends_at`` ``None`` for one without an end."""

    id: str
    subject: str
    field: str
    kind: str
    parameters: Any
    category: str | None
    currency: str | None
    starts_at: str
    ends_at: str | None
    added_at: str

    @classmethod
    def of(cls, rule: BusinessRule) -> "RuleDetails":
        """Return the details of *rule*."""
        return cls.from_data(rule.to_data())
