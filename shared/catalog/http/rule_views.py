"""What the catalog shows of business rules."""

from typing import Any

from shared.catalog.domain.rule_details import RuleDetails
from shared.platform.http.models import View


class BusinessRuleView(View):
    """A rule, with the moments from which and until before which it is in force."""

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
    def of(cls, details: RuleDetails) -> "BusinessRuleView":
        """Return the view of *details*."""
        return cls.model_validate(details.to_data())
