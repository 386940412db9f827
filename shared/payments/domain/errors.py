"""What the payments context refuses."""

from shared.kernel.errors import NotFound


class PaymentNotFound(NotFound):
    """There is no payment for this order, or it is somebody else's."""

    code = "PAYMENT_NOT_FOUND"
