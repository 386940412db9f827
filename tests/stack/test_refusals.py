"""Who may not, what is wrong, and that a refusal changes nothing."""

import base64
import json
import time
from uuid import uuid4

import pytest

from shared.identity.adapters.signing_keys import SigningKeys
from shared.identity.adapters.token_signer import AccessTokenSigner
from shared.identity.domain.access import Access
from shared.kernel.ids import new_id
from shared.platform.aws.secrets import SecretReader

TOKEN_TRICKS = {
    "garbage": "garbage",
    "three dots": "a.b.c",
    "one character": "x",
    "no algorithm": ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "none", "typ": "at+jwt"}, {"sub": "x", "exp": 9_999_999_999})
    )
    + ".",
}


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize("trick", TOKEN_TRICKS)
def test_a_token_that_is_no_good_is_401_in_the_envelope(shop, trick):
    headers = {"authorization": f"Bearer {TOKEN_TRICKS[trick]}"}
    answer = shop.http.get("/api/v1/orders", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["success"] is False


def test_no_token_is_401(shop):
    answer = shop.http.get("/api/v1/users/me")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "AUTHENTICATION_FAILED"


def test_a_changed_signature_is_401(shop, customer):
    token = customer.token[:-2] + ("AA" if customer.token[-2:] != "AA" else "BB")
    answer = shop.http.get("/api/v1/users/me", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "INVALID_TOKEN")


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize(("age", "status"), [(60, 200), (3600, 401)])
def test_a_token_signed_with_our_own_key_is_good_until_it_expires(shop, customer, age, status):
    variables = shop.stack.client("lambda").get_function_configuration(
        FunctionName=shop.stack.function("identity", "log_in")
    )["Environment"]["Variables"]
    secret = SecretReader(shop.stack.client("secretsmanager"), variables["SIGNING_SECRET_ARN"])
    tokens = AccessTokenSigner(
        SigningKeys(secret),
        issuer=variables["TOKEN_ISSUER"],
        audience=variables["TOKEN_AUDIENCE"],
    )
    issued_at = int(time.time()) - age
    access = Access(
        user_id=customer.id,
        session_id=customer.session["session_id"],
        token_id=new_id(),
        issued_at=issued_at,
        expires_at=issued_at + 600,
    )
    headers = {"authorization": f"Bearer {tokens.sign(access)}"}
    answer = shop.http.get("/api/v1/users/me", headers=headers)
    assert answer.status_code == status
    if status == 401:
        error = answer.json()["error"]
        assert (error["code"], error["details"]["reason"]) == ("INVALID_TOKEN", "expired")


@pytest.mark.row("PRM-01", "PRM-02")
def test_a_missing_permission_is_403(customer, product):
    mug = product()
    before = customer.get(f"/api/v1/products/{mug}").json()["data"]
    body = {"mnemonic": "MINE", "overview": "", "price": {"amount": 1, "currency": "EUR"}}
    refused = [
        customer.post("/api/v1/products", body),
        customer.request("PATCH", f"/api/v1/products/{mug}", json={"overview": "hacked"}),
        customer.post(f"/api/v1/inventory/{mug}/adjustments", {"quantity": 5, "reason": "x"}),
        customer.get(f"/api/v1/inventory/{mug}"),
    ]
    for answer in refused:
        assert answer.status_code == 403, answer.text
        assert answer.json()["error"]["code"] == "PERMISSION_DENIED"
    assert customer.get(f"/api/v1/products/{mug}").json()["data"] == before


def test_somebody_else_s_order_looks_like_no_order(shop, customer, product):
    order_id = customer.place((product(), 1)).json()["data"]["id"]
    other = shop.new_customer()
    for method, path in [
        ("GET", f"/api/v1/orders/{order_id}"),
        ("GET", f"/api/v1/orders/{order_id}/history"),
        ("POST", f"/api/v1/orders/{order_id}/cancel"),
        ("GET", f"/api/v1/payments/{order_id}"),
    ]:
        seen = other.request(method, path)
        absent = other.request(method, path.replace(order_id, str(uuid4())))
        assert (seen.status_code, absent.status_code) == (404, 404)
        assert seen.json()["error"]["code"] == absent.json()["error"]["code"]
    assert shop.admin.order(order_id)["customer_id"] == customer.id
    assert customer.settled(order_id)["outcome"] == "completed"


BODIES = [
    "",
    "null",
    "[]",
    "{",
    '{"lines":[]}',
    '{"lines":[{"product_id":"PRODUCT","quantity":0}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":-1}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":"1"}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":true}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1.5}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1e999}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":NaN}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":9223372036854775807}],"payment_method":"x"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1}],"payment_method":"pm_card_visa","x":1}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1}],"payment_method":""}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1}],"payment_method":7}',
    '{"lines":[{"product_id":"\\ud800","quantity":1}],"payment_method":"pm_card_visa"}',
    '{"lines":[{"product_id":"PRODUCT","quantity":1}],"lines":[],"payment_method":"x"}',
    "[" * 100_000,
]


@pytest.mark.row("API-01")
@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_malformed_body_is_422_in_the_envelope_and_writes_nothing(
    shop, customer, product, number
):
    mug = product()
    before = shop.item_count("orders")
    answer = customer.request(
        "POST",
        "/api/v1/orders",
        content=BODIES[number].replace("PRODUCT", mug).encode(),
        headers={"content-type": "application/json", "idempotency-key": str(uuid4())},
    )
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert (body["success"], body["status_code"], body["type"]) == (False, 422, "error")
    assert shop.item_count("orders") == before


def test_an_unknown_product_is_404_and_fifty_one_lines_are_422(customer, product):
    assert customer.place((str(uuid4()), 1)).status_code == 404
    many = [(str(uuid4()), 1) for _ in range(51)]
    assert customer.place(*many).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/v1/nothing"),
        ("GET", "/api/v1/orders/"),
        ("GET", "/api/v1/orders/a/b/c"),
        ("PUT", "/api/v1/payments"),
        ("OPTIONS", "/api/v1/nothing"),
        ("GET", "/api/v1/notifications/1"),
        ("POST", "/api/v1/inventory"),
        ("DELETE", "/api/v1/orders/"),
        ("GET", "/api/v1/orders/does-not-exist"),
        ("GET", "/api/v1/products/%00"),
    ],
)
def test_what_is_not_there_is_404_in_the_envelope(customer, method, path):
    answer = customer.request(method, path)
    assert answer.status_code == 404
    assert (answer.json()["success"], answer.json()["status_code"]) == (False, 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/v1/products", "GET, HEAD, OPTIONS, POST"),
        ("GET", "/api/v1/auth/login", "OPTIONS, POST"),
        ("HEAD", "/api/v1/auth/login", "OPTIONS, POST"),
        ("PUT", "/health", "GET, HEAD, OPTIONS"),
        ("PUT", "/api/v2/products/x/details", "GET, HEAD, OPTIONS"),
    ],
)
def test_another_method_is_405_and_says_which_a_path_takes(customer, method, path, allow):
    answer = customer.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    if method != "HEAD":
        assert answer.json()["error"]["code"] == "METHOD_NOT_ALLOWED"
    told = customer.request("OPTIONS", path)
    assert (told.status_code, told.headers["allow"], told.content) == (204, allow, b"")


@pytest.mark.row("ERR-03")
def test_problem_details_are_given_to_those_who_ask(customer):
    answer = customer.get(
        f"/api/v1/orders/{uuid4()}", headers={"accept": "application/problem+json"}
    )
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
