"""Business rules as clients add them."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from shared.catalog.domain.rule import FIELDS, MAX_PARAMETERS, BusinessRule, Subject
from shared.catalog.http.parameters import Label
from shared.catalog.use_cases.add_business_rule import AddBusinessRule
from shared.kernel.clock import SystemClock, from_iso
from shared.kernel.errors import FieldError
from shared.platform.http.models import Body, Given
from shared.platform.validation.currency import CurrencyCode
from shared.platform.validation.types import Timestamp, one_of

_FIELDS = tuple(dict.fromkeys(name for fields in FIELDS.values() for name in fields))
_KINDS = tuple(
    sorted({kind for fields in FIELDS.values() for kinds in fields.values() for kind in kinds})
)


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
    currency: CurrencyCode | None = None
    starts_at: Timestamp = None
    ends_at: Annotated[Timestamp, Field(examples=["2100-01-01T00:00:00Z"])] = None

    @classmethod
    def further(cls, given: Given) -> Iterable[FieldError]:
        """Say what the rule would be wrong in, as far as it can be read."""
        if not {"field", "kind"} <= given.body.keys():
            return ()
        try:
            subject = Subject(given.path.get("subject", ""))
        except ValueError:
            return ()
        now = SystemClock().now()
        rule = BusinessRule(
            id="",
            subject=subject,
            field=given.body["field"],
            kind=given.body["kind"],
            parameters=given.body.get("parameters"),
            currency=given.body.get("currency"),
            starts_at=from_iso(given.body["starts_at"]) if given.body.get("starts_at") else now,
            ends_at=from_iso(given.body["ends_at"]) if given.body.get("ends_at") else None,
            added_at=now,
        )
        return [each for each in rule.mistakes() if each["loc"][0] in given.body]

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
