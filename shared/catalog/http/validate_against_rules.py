"""What might be created or ordered, over HTTP, and what business rules have against it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.catalog.domain.product import Product
from shared.catalog.domain.rule import Subject
from shared.catalog.http.create_product_v2 import CreateProductV2Body
from shared.catalog.http.parameters import checked_id
from shared.catalog.queries.validate_against_rules import CandidateLine, ValidateAgainstRules
from shared.kernel.broken_rules import BrokenRule
from shared.kernel.ids import canonical
from shared.kernel.money import MAX_AMOUNT
from shared.platform.http.models import Body, View
from shared.platform.validation.types import Timestamp
from shared.platform.validation.validate import validate

_AT = ("body", "candidate")
"""Where the candidate is in the request."""


class CandidateLineBody(Body):
    """An order line that somebody might place."""

    product_id: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(canonical)]
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
    at: Timestamp = None

    def to_query(self, subject: Subject) -> ValidateAgainstRules:
        """Return the query; `ValidationFailed` for a candidate that is nothing of the kind."""
        if subject is Subject.ORDER_LINE:
            line = validate(self.candidate, CandidateLineBody, at=_AT)
            known = CandidateLine(product_id=checked_id(line.product_id), quantity=line.quantity)
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
            BrokenRuleView.model_validate({**each.error(*_AT), "business_rule_id": each.rule_id})
            for each in broken
        ]
        return cls(is_valid=not errors, errors=errors)


def _product(candidate: dict[str, Any]) -> Product:
    wanted = validate(candidate, CreateProductV2Body, at=_AT).to_command()
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
