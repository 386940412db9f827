"""What the payments context refuses."""

from shared.kernel.errors import NotFound


class PaymentNotFound(NotFound):
    """There is no payment for this order, or it is somebody else's."""

    code = "PAYMENT_NOT_FOUND"
    sentence = "There is no payment for order {order_id}."

    def __init__(self, order_id: str) -> None:
        super().__init__(details={"order_id": order_id[:100]})
