"""What the orders context refuses, besides the errors of the kernel."""

from collections.abc import Iterable

from shared.kernel.errors import BusinessRuleViolation, FieldError, NotFound, PreconditionFailed


class OrderNotFound(NotFound):
    """There is no such order, or it is somebody else's."""

    code = "ORDER_NOT_FOUND"
    sentence = "Order {order_id} does not exist."

    def __init__(self, order_id: str) -> None:
        super().__init__(details={"order_id": order_id[:100]})


class OrderChanged(PreconditionFailed):
    """The order is not at the version that the caller named."""

    sentence = "The order has changed since you read it; its version is now {version}."


class ProductNotFound(NotFound):
    """Products that cannot be ordered, listed: unknown, or not on public sale."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "These products do not exist: {product_ids}."

    def __init__(self, product_ids: Iterable[str], *, lines: Iterable[int] = ()) -> None:
        """*lines* are the numbers of the order's lines, from 0, that name one of them."""
        missing = list(product_ids)
        text = f"Product {missing[0]} does not exist." if len(missing) == 1 else None
        errors: list[FieldError] = [
            {
                "loc": ("lines", line, "product_id"),
                "msg": "There is no such product on sale.",
                "type": "product_not_found",
            }
            for line in lines
        ]
        super().__init__(text, details={"product_ids": missing}, errors=errors)


class CurrenciesDiffer(BusinessRuleViolation):
    """The products of one order are priced in several currencies."""

    code = "MIXED_CURRENCIES"
    sentence = "An order is paid in one currency; these products have prices in {currencies}."
    at = ("lines",)

    def __init__(self, currencies: Iterable[str]) -> None:
        super().__init__(details={"currencies": sorted(currencies)})
