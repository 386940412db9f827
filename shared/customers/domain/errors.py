"""What the customers context refuses."""

from shared.kernel.errors import NotFound


class CustomerNotFound(NotFound):
    """No order of such a customer is known, or the caller may not know of them."""

    code = "CUSTOMER_NOT_FOUND"
    sentence = "Customer {customer_id} does not exist."

    def __init__(self, customer_id: str) -> None:
        super().__init__(details={"customer_id": customer_id[:100]})
