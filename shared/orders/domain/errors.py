"""What the orders context refuses, besides the errors of the kernel."""

from collections.abc import Iterable

from shared.kernel.errors import BusinessRuleViolation, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it is somebody else's."""

    code = "ORDER_NOT_FOUND"

    def __init__(self, order_id: str) -> None:
        super().__init__("There is no such order.", details={"order_id": order_id[:100]})


class ProductNotFound(NotFound):
    """Products that cannot be ordered, listed: unknown, or not on public sale."""

    code = "PRODUCT_NOT_FOUND"

    def __init__(self, product_ids: Iterable[str]) -> None:
        missing = list(product_ids)
        super().__init__(
            f"{len(missing)} of the products do not exist.", details={"product_ids": missing}
        )


class CurrenciesDiffer(BusinessRuleViolation):
    """The products of one order are priced in several currencies."""

    code = "MIXED_CURRENCIES"

    def __init__(self, currencies: Iterable[str]) -> None:
        listed = sorted(currencies)
        super().__init__(
            f"An order is paid in one currency; these products are in {', '.join(listed)}.",
            details={"currencies": listed},
        )
