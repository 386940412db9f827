"""What the orders context refuses, besides the errors of the kernel."""

from collections.abc import Iterable

from shared.kernel.errors import BusinessRuleViolation, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it is somebody else's."""

    code = "ORDER_NOT_FOUND"
    sentence = "Order {order_id} does not exist."

    def __init__(self, order_id: str) -> None:
        super().__init__(details={"order_id": order_id[:100]})


class ProductNotFound(NotFound):
    """Products that cannot be ordered, listed: unknown, or not on public sale."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "These products do not exist: {product_ids}."

    def __init__(self, product_ids: Iterable[str]) -> None:
        missing = list(product_ids)
        text = f"Product {missing[0]} does not exist." if len(missing) == 1 else None
        super().__init__(text, details={"product_ids": missing})


class CurrenciesDiffer(BusinessRuleViolation):
    """The products of one order are priced in several currencies."""

    code = "MIXED_CURRENCIES"
    sentence = "An order is paid in one currency; these products have prices in {currencies}."

    def __init__(self, currencies: Iterable[str]) -> None:
        super().__init__(details={"currencies": sorted(currencies)})
