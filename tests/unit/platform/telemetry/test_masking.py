import json

import pytest

from shared.platform.telemetry.masking import MASK, masked

pytestmark = pytest.mark.row("LOG-05")


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "access_token", "Authorization", "Cookie", "set-cookie",
     "api_key", "X-Api-Key", "card_number", "client_secret", "cvv", "X-Origin-Verify",
     "otp", "totp", "TOTP", "user_otp", "recovery_code", "recovery_codes", "backup-codes", "csrf",
     "X-CSRF-Token", "xsrf_token", "session", "session_id", "Session-Id", "iban", "email",
     "e-mail", "customer_email", "email_address", "phone", "phone_number", "telephone",
     "access_key_id"],
)  # fmt: skip
def test_a_field_named_like_a_secret_is_masked_however_deep(name):
    assert masked({"a": [{"b": {name: "hunter2"}}]}) == {"a": [{"b": {name: MASK}}]}


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "twr_0190a000-0000-7000-8000-000000000001.0190a000-0000-7000-8000-000000000002.1.AbC-_d",
        "Bearer abc.def-ghi",
        "4242 4242 4242 4242",
        "5555555555554444",
        "3782-822463-10005",
        # Card numbers that Visa and Mastercard publish for tests, split otherwise.
        "4111.1111.1111.1111",
        "5105.1051.0510.5100",
        # From the documentation of AWS, of crypt(5), of SWIFT's IBAN registry, and of the numbers
        # that Ofcom and the NANPA keep for drama.
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJu",
        "GB29 NWBK 6016 1331 9268 19",
        "DE89370400440532013000",
        "NO9386011117947",
        "MT84MALT011000012345MTLCAST001S",
        "+44 20 7946 0123",
        "+12025550143",
        "+1 (202) 555-0143",
        "ada.lovelace+shop@mail.example.co.uk",
        "a@b.de",
    ],
)
def test_a_secret_inside_a_text_is_masked(text):
    hidden = masked({"note": f"before {text} after"})["note"]
    assert hidden == f"before {MASK} after"


@pytest.mark.parametrize(
    "value",
    [
        "0190a000-0000-7000-8000-000000000001",
        "order 4242424242424241 placed",  # sixteen digits that Luhn refuses
        1_763_640_000_123,
        {"token_type": "Bearer", "next_cursor": "abc"},
        {"email_verified": "yes", "sessions": 3, "footprint": "small", "code": "NOT_FOUND"},
        {"laptop": "grey", "status_code": "404", "postcode": "SW1A 1AA", "phones_sold": 7},
        "DE89370400440532013001 ends in another check digit",
        "2026-11-30T03:55:48.123+0000",
        "2026-11-30T03:55:48+02:00",
        "10.0.0.1:8080 answered 200.200.200.200",
        "GET /api/v1/products?tag=a+b+1 HTTP/1.1",
        "https://shop.example.com:443/@ada",
        "price 12345678.90 EUR, +5 %",
        "@",
        "me @ home",
        "AKIAFRICA",
        None,
        True,
        12.5,
    ],
)
def test_what_is_no_secret_stays(value):
    assert masked(value) == value


def test_the_original_is_left_alone_and_odd_objects_become_text():
    original = {"password": "x", "o": object}
    assert masked(original)["password"] == MASK
    assert original["password"] == "x"
    assert isinstance(masked(original)["o"], str)


def test_nesting_without_end_is_cut_off():
    loop: dict[str, object] = {}
    loop["self"] = loop
    assert MASK in str(masked(loop))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("POST failed: password=hunter2&page=1", f"POST failed: password={MASK}&page=1"),
        ('{"password": "hun\\"ter2", "a": 1}', f'{{"password": "{MASK}", "a": 1}}'),
        ("{'api_key': 'hunter2'}", f"{{'api_key': '{MASK}'}}"),
        (r"{\"pwd\":\"hunter2\",\"a\":1}", rf"{{\"pwd\":\"{MASK}\",\"a\":1}}"),
        ("redis://default:hunter2@cache:6379/0", f"redis://{MASK}@cache:6379/0"),
        ("see https://:hunter2@h/x", f"see https://{MASK}@h/x"),
        ("otp=hunter2&a=1", f"otp={MASK}&a=1"),
        ('{"recovery_code": "hunter2"}', f'{{"recovery_code": "{MASK}"}}'),
        ("csrf-token: hunter2", f"csrf-token: {MASK}"),
        ("session_id=hunter2; path=/", f"session_id={MASK}; path=/"),
        ("LogIn(email='a', password='hunter2')", f"LogIn(email='a', password='{MASK}')"),
        ("Authorization: Bearer hunter2, x", f"Authorization: {MASK}, x"),
        ("set-cookie: a=hunter2; b=hunter2", f"set-cookie: {MASK}"),
        ("[input_value='hunter2', input_type=str]", f"[input_value={MASK}, input_type=str]"),
        ("is $argon2id$v=19$m=1,t=2$hunter2$hunter2 now", f"is {MASK} now"),
        ("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----.", f"{MASK}."),
    ],
)
def test_a_secret_that_a_text_names_is_masked(text, shown):
    assert masked(text) == shown
    assert "hunter2" not in str(masked({"exception": RuntimeError(text), "body": text.encode()}))


def test_an_api_key_is_masked_in_any_text_and_its_id_is_not():
    key_id = "02x5L6n2fuxI8jD9VUzDKT001"
    for prefix in ("tw_live", "tw_test"):
        key = f"{prefix}_{key_id}_{'s3Cret' * 8}x"
        text = f"GET /x?k={key}: refused {key}."
        assert masked(text) == f"GET /x?k={MASK}: refused {MASK}."
        assert masked({"api_key": key, "api_key_id": key_id, "headers": [("x-api-key", key)]}) == {
            "api_key": MASK,
            "api_key_id": key_id,
            "headers": [["x-api-key", MASK]],
        }


def test_pairs_and_names_in_bytes_are_fields_too():
    headers = [("accept", "*/*"), (b"cookie", b"a=b"), ("x-api-key", "k")]
    assert masked(headers) == [["accept", "*/*"], ["cookie", MASK], ["x-api-key", MASK]]
    assert masked({b"authorization": b"abc"}) == {"authorization": MASK}


@pytest.mark.parametrize(
    "text",
    [
        "ExpiredTokenException: The security token included in the request is expired",
        "setting SERVICE_SECRET_ARN must be set: this function signs",
        '"token_type": "Bearer"',
        "secret arn:aws:secretsmanager:eu-west-1:1:secret:name cannot be read",
        "password=",
    ],
)
def test_talking_about_secrets_is_no_secret(text):
    assert masked(text) == text


def test_what_is_returned_can_always_be_written_as_json():
    odd = {("a", 1): float("nan"), b"b": float("inf"), None: {1, 2}, "flag_password": True}
    found = json.loads(json.dumps(masked(odd), allow_nan=False))
    assert found["flag_password"] is True


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "password" * 5_000,
        "cookie: " + "a=b;" * 10_000,
        "token-" * 5_000,
        "a" * 50_000 + "@",
        "://" * 20_000 + "@",
        "AB12 " * 10_000,
        "+1 " * 20_000,
        "a.b@" * 10_000,
        "$2a$" * 10_000,
    ],
)
def test_no_text_takes_longer_than_its_length_allows(text):
    """A quadratic pattern would take minutes, and the suite's time-out would end it."""
    assert masked(text)
