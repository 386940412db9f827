"""What the catalog refuses."""

from shared.kernel.errors import (
    AlreadyExists,
    BusinessRuleViolation,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
)


class ProductNotFound(NotFound):
    """There is no such product, or none that the caller may know of."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "Product {product_id} does not exist."

    def __init__(self, product_id: str) -> None:
        super().__init__(details={"product_id": product_id[:100]})


class MnemonicTaken(AlreadyExists):
    """Another product has the mnemonic."""

    code = "MNEMONIC_TAKEN"
    sentence = "Another product has the mnemonic {mnemonic}."
    at = ("mnemonic",)

    def __init__(self, mnemonic: str) -> None:
        super().__init__(details={"mnemonic": mnemonic})


class AudienceChangeDenied(PermissionDenied):
    """Whether a product is confidential is for those to say who may publish."""

    code = "AUDIENCE_CHANGE_DENIED"
    sentence = "Showing a product to everybody, or hiding it, needs the right to publish."
    at = ("is_confidential",)

    def __init__(self) -> None:
        super().__init__(details={"needed": ["product:publish"]})


class PriceChangeTooLarge(PermissionDenied):
    """The price may move this far only by the hand of a product administrator."""

    code = "PRICE_CHANGE_TOO_LARGE"
    sentence = "A price change of more than {limit_percent} % needs a product administrator."
    at = ("price",)

    def __init__(self, percent: int) -> None:
        super().__init__(details={"limit_percent": percent, "needed": ["product:admin"]})


class ProductChanged(PreconditionFailed):
    """The product is not at the version that the caller named."""

    sentence = "The product has changed since you read it; its version is now {version}."


class BusinessRuleNotFound(NotFound):
    """There is no such rule, or it has ended."""

    code = "BUSINESS_RULE_NOT_FOUND"
    sentence = "Business rule {business_rule_id} does not exist or has ended."

    def __init__(self, rule_id: str) -> None:
        super().__init__(details={"business_rule_id": rule_id[:100]})


class RulesContradict(BusinessRuleViolation):
    """Nothing could meet the rule together with one that is there."""

    code = "RULES_CONTRADICT"
    sentence = "Nothing can meet it together with rule {business_rule_id}; end that one first."
    at = ("parameters",)

    def __init__(self, rule_id: str) -> None:
        super().__init__(details={"business_rule_id": rule_id})


class TooManyRules(BusinessRuleViolation):
    """A rule book is full."""

    code = "TOO_MANY_RULES"
    sentence = "There can be at most {limit:rule|rules} at a time; end one first."

    def __init__(self, limit: int) -> None:
        super().__init__(details={"limit": limit})
