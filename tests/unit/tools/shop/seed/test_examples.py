"""The lines that a developer pastes first."""

import json
import re
import shlex

from tools.shop.seed.assortment import CUSTOMER, PRODUCTS
from tools.shop.seed.examples import curl_lines


def test_every_line_is_good_shell_with_good_json() -> None:
    """Run for real, against a real stack, in the stack tests."""
    for line in curl_lines("http://127.0.0.1:8080", CUSTOMER, "0190-product"):
        words = shlex.split(line)
        assert "curl" in line
        for body in re.findall(r"-d '([^']*)'", line):
            json.loads(body)
        assert words


def test_the_assortment_is_twenty_different_products() -> None:
    assert len({product.mnemonic for product in PRODUCTS}) == 20
    assert all(re.fullmatch(r"[A-Z0-9_]{1,50}", product.mnemonic) for product in PRODUCTS)
    assert all(product.price > 0 and product.stock > 0 for product in PRODUCTS)
