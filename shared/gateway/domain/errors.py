"""What the gateway refuses."""

from shared.kernel.errors import NotFound


class ProductNotFound(NotFound):
    """There is no such product in public."""

    code = "PRODUCT_NOT_FOUND"
    sentence = "Product {product_id} does not exist."

    def __init__(self, product_id: str) -> None:
        super().__init__(details={"product_id": product_id[:100]})
