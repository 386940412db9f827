"""Business rules as clients add them."""

from typing import Annotated, Any

from pydantic import Field

from shared.catalog.domain.rule import FIELDS, MAX_PARAMETERS, Subject
from shared.catalog.http.parameters import Label
from shared.catalog.use_cases.add_business_rule import AddBusinessRule
from shared.platform.http.models import Body
from shared.platform.validation.types import Timestamp, one_of

_FIELDS = tuple(dict.fromkeys(name for fields in FIELDS.values() for name in fields))
_KINDS = tuple(
    sorted({kind for fields in FIELDS.values() for kinds in fields.values() for kind in kinds})
)

_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["GBP"])]


def _plain(schema: dict[str, Any]) -> None:
    scalars = [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]
    schema["anyOf"] = [
        {"type": "object", "additionalProperties": {"anyOf": scalars}},
        {"type": "array", "items": {"anyOf": scalars}},
        *scalars,
    ]


class BusinessRuleBody(Body):
    """A rule to add; in force at once without ``starts_at``, for good without ``ends_at``."""

    field: Annotated[str, one_of(*_FIELDS), Field(examples=["mnemonic"])]
    kind: Annotated[str, one_of(*_KINDS), Field(examples=["length"])]
    parameters: Annotated[
        Any,
        Field(
            description=f"As the kind has them; at most {MAX_PARAMETERS} characters",
            examples=[{"max": 50}],
            json_schema_extra=_plain,
        ),
    ]
    category: Label | None = None
    currency: _Currency | None = None
    starts_at: Timestamp = None
    ends_at: Annotated[Timestamp, Field(examples=["2100-01-01T00:00:00Z"])] = None

    def to_command(self, subject: Subject) -> AddBusinessRule:
        """Return the command."""
        return AddBusinessRule(
            subject=subject,
            field=self.field,
            kind=self.kind,
            parameters=self.parameters,
            category=self.category,
            currency=self.currency,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )
