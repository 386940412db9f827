"""Business rules over HTTP: bodies, candidates and views."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from shared.catalog.domain.errors import BusinessRuleNotFound
from shared.catalog.domain.product import Product
from shared.catalog.domain.rule import FIELDS, MAX_PARAMETERS, Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.catalog.http import CreateProductV2Body, Label, known_form
from shared.catalog.queries.list_business_rules import ListBusinessRules
from shared.catalog.queries.validate_against_rules import CandidateLine, ValidateAgainstRules
from shared.catalog.use_cases.add_business_rule import AddBusinessRule
from shared.kernel.broken_rules import BrokenRule
from shared.kernel.ids import is_id
from shared.kernel.money import MAX_AMOUNT
from shared.kernel.paging import PageRequest
from shared.platform.models import Body, View
from shared.platform.pagination import Sort, only_by_cursor
from shared.platform.permissions import Principal
from shared.platform.validation.types import Moment, one_of
from shared.platform.validation.validate import validate

_FIELDS = tuple(dict.fromkeys(name for fields in FIELDS.values() for name in fields))
_KINDS = tuple(
    sorted({kind for fields in FIELDS.values() for kinds in fields.values() for kind in kinds})
)

SubjectPath = Annotated[Subject, Path(description="What the rules are about")]
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
    starts_at: Moment = None
    ends_at: Annotated[Moment, Field(examples=["2100-01-01T00:00:00Z"])] = None

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


class CandidateLineBody(Body):
    """An order line that somebody might place."""

    product_id: str = Field(min_length=1, max_length=100)
    quantity: int = Field(ge=1, le=MAX_AMOUNT)


class CandidateBody(Body):
    """What might be created or ordered, and when; without a moment, now."""

    candidate: Annotated[
        dict[str, Any],
        Field(
            description="A product as version 2 creates it; an order line as product_id, quantity",
            examples=[
                {
                    "mnemonic": "TEAPOT_BLUE",
                    "overview": "A teapot for two.",
                    "price": {"amount": 1295, "currency": "GBP"},
                    "category": "kitchen",
                }
            ],
        ),
    ]
    at: Moment = None

    def to_query(self, subject: Subject) -> ValidateAgainstRules:
        """Return the query; `ValidationFailed` for a candidate that is nothing of the kind."""
        if subject is Subject.ORDER_LINE:
            line = validate(self.candidate, CandidateLineBody)
            known = CandidateLine(product_id=known_form(line.product_id), quantity=line.quantity)
            return ValidateAgainstRules(candidate=known, at=self.at)
        return ValidateAgainstRules(candidate=_product(self.candidate), at=self.at)


class BrokenRuleView(View):
    """A rule that the candidate breaks, and where."""

    business_rule_id: str
    loc: list[str]
    msg: str
    type: str


class VerdictView(View):
    """Every rule that the candidate breaks."""

    is_valid: bool
    errors: list[BrokenRuleView]

    @classmethod
    def of(cls, broken: Sequence[BrokenRule]) -> "VerdictView":
        """Return the view of what is *broken*."""
        errors = [
            BrokenRuleView.model_validate({**each.error(), "business_rule_id": each.rule_id})
            for each in broken
        ]
        return cls(is_valid=not errors, errors=errors)


def rules_query(subject: Subject, page: PageRequest, user: Principal) -> ListBusinessRules:
    """Return the query; `InvalidSortField` names what the list can be sorted by.

    `ValidationFailed` for a total: nobody counts rules.
    """
    only_by_cursor(page, because="Rules are not counted")
    sort = Sort.parse(page.sort, allowed=("added_at",), default="-added_at")
    return ListBusinessRules(
        subject=subject, page=page, descending=sort.descending, reader_id=user.id
    )


def known_rule(rule_id: str) -> str:
    """Return *rule_id*; `BusinessRuleNotFound` for what cannot be the id of anything."""
    if not is_id(rule_id):
        raise BusinessRuleNotFound(rule_id)
    return rule_id


def _product(candidate: dict[str, Any]) -> Product:
    wanted = validate(candidate, CreateProductV2Body).to_command()
    return Product.create(
        "candidate",
        mnemonic=wanted.mnemonic,
        overview=wanted.overview,
        is_confidential=wanted.is_confidential,
        price=wanted.price,
        category=wanted.category,
        tags=wanted.tags,
        at=datetime.min.replace(tzinfo=UTC),
    )
