"""The domain's rules as checks of single fields, so that one answer has all that is wrong.

What the domain refuses once a command is made is told after everything else is right. A rule that
needs one field alone is asked while the request is read, with the rest of the schema:

    currency: Annotated[str, AfterValidator(by_domain(known_currency))]
"""

from collections.abc import Callable
from typing import TypeVar

from pydantic_core import PydanticCustomError

from shared.kernel.errors import ValidationFailed

T = TypeVar("T")
R = TypeVar("R")


def by_domain(check: Callable[[T], R]) -> Callable[[T], R]:
    """Return *check*, its `ValidationFailed` said in pydantic's way; the first error counts."""

    def checked(value: T) -> R:
        try:
            return check(value)
        except ValidationFailed as refused:
            wrong = refused.errors[0]
            known = {"reason": wrong["msg"], "params": dict(wrong.get("params", {}))}
            if type(refused) is not ValidationFailed:
                known["code"] = refused.code
            raise PydanticCustomError(wrong["type"], "{reason}", known) from None

    return checked
