"""The first three calls, as lines to paste into a shell: curl, grep and cut, nothing else."""

import json

from tools.shop.seed.assortment import SampleUser


def curl_lines(base_url: str, customer: SampleUser, product_id: str) -> tuple[str, str, str]:
    """Return three lines: list products; log in and keep the token; order and look at it."""
    api = f"{base_url}/api/v1"
    as_json = "-H 'Content-Type: application/json'"
    bearer = '-H "Authorization: Bearer $TOKEN"'
    credentials = json.dumps({"email": customer.email, "password": customer.password})
    lines = [{"product_id": product_id, "quantity": 2}]
    order = json.dumps({"lines": lines, "payment_method": "pm_card_visa"})
    products = f"curl -s '{api}/products?limit=3'"
    log_in = f"curl -s {api}/auth/login {as_json} -d '{credentials}'"
    keep_token = f"""TOKEN=$({log_in} | grep -o '"access_token":"[^"]*' | cut -d'"' -f4)"""
    place = f"curl -s {api}/orders {bearer} {as_json} -d '{order}'"
    look = f"curl -s '{api}/orders?limit=1' {bearer}"
    return products, keep_token, f"{place}; echo; {look}"
