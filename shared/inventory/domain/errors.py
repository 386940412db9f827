"""What the inventory refuses."""

from shared.kernel.errors import BusinessRuleViolation, DomainError, NotFound


class InsufficientStock(BusinessRuleViolation):
    """More units were to be written off than are on offer."""

    code = "INSUFFICIENT_STOCK"
    sentence = "Only {available:unit is|units are} available."
    at = ("quantity",)

    def __init__(self, *, requested: int, available: int) -> None:
        super().__init__(details={"requested": requested, "available": available})


class StockLimitExceeded(BusinessRuleViolation):
    """More units than the system counts."""

    code = "STOCK_LIMIT_EXCEEDED"
    sentence = "A product can have at most {limit:unit|units} in stock."
    at = ("quantity",)


class ProductNotFound(NotFound):
    """There is no such product."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "Product {product_id} does not exist."

    def __init__(self, product_id: str) -> None:
        super().__init__(details={"product_id": product_id[:100]})


class StockNotFound(NotFound):
    """The product has never been in stock, or does not exist."""

    code = "STOCK_NOT_FOUND"
    sentence = "Product {product_id} has never been in stock."

    def __init__(self, product_id: str) -> None:
        super().__init__(details={"product_id": product_id[:100]})


class ReservationNotFound(DomainError):
    """The order's stock was never asked for; its ``order.placed`` may still be on the way."""

    code = "RESERVATION_NOT_FOUND"
    sentence = "Nothing is reserved for order {order_id}."

    def __init__(self, order_id: str) -> None:
        super().__init__(details={"order_id": order_id})
