"""Currencies in requests: codes that ISO 4217 has and that something can be sold in."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.kernel.currencies import exponent_of
from shared.platform.validation.domain import by_domain
from shared.platform.validation.sentences import form

_FORM = form(r"^[A-Z]{3}$", "Must be a currency code of three capital letters, such as GBP.")


def _known(code: str) -> str:
    exponent_of(code)
    return code


CurrencyCode = Annotated[
    str, Field(pattern=_FORM, examples=["GBP"]), AfterValidator(by_domain(_known))
]
"""An ISO 4217 code with minor units (`shared.kernel.currencies`)."""
