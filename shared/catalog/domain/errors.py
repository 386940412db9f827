"""What the catalog refuses."""

from shared.kernel.errors import (
    AlreadyExists,
    BusinessRuleViolation,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
)
from shared.kernel.messages import say


class ProductNotFound(NotFound):
    """There is no such product, or none that the caller may know of."""

    code = "PRODUCT_NOT_FOUND"

    def __init__(self, product_id: str) -> None:
        super().__init__(details={"product_id": product_id[:100]})


class MnemonicTaken(AlreadyExists):
    """Another product has the mnemonic."""

    code = "MNEMONIC_TAKEN"

    def __init__(self, mnemonic: str) -> None:
        super().__init__(details={"mnemonic": mnemonic})


class PriceChangeTooLarge(PermissionDenied):
    """The price may move this far only by the hand of a product administrator."""

    code = "PRICE_CHANGE_TOO_LARGE"

    def __init__(self, percent: int) -> None:
        super().__init__(details={"limit_percent": percent, "needed": ["product:admin"]})


class ProductChanged(PreconditionFailed):
    """The product is not at the version that the caller named."""

    def __init__(self, version: int) -> None:
        super().__init__(say("PRODUCT_CHANGED"), details={"version": version})


class BusinessRuleNotFound(NotFound):
    """There is no such rule, or it has ended."""

    code = "BUSINESS_RULE_NOT_FOUND"

    def __init__(self, rule_id: str) -> None:
        super().__init__(details={"business_rule_id": rule_id[:100]})


class TooManyRules(BusinessRuleViolation):
    """A rule book is full."""

    code = "TOO_MANY_RULES"

    def __init__(self, limit: int) -> None:
        super().__init__(details={"limit": limit})
