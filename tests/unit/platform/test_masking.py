import pytest

from shared.platform.masking import MASK, masked

pytestmark = pytest.mark.row("LOG-05")


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "access_token", "Authorization", "Cookie", "set-cookie",
     "api_key", "X-Api-Key", "card_number", "client_secret", "cvv", "X-Origin-Verify"],
)  # fmt: skip
def test_a_field_named_like_a_secret_is_masked_however_deep(name):
    assert masked({"a": [{"b": {name: "hunter2"}}]}) == {"a": [{"b": {name: MASK}}]}


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Bearer abc.def-ghi",
        "4242 4242 4242 4242",
        "5555555555554444",
        "3782-822463-10005",
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
