"""An e-mail address is what mail can be sent to, compared as people compare it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.email import Email
from shared.kernel.errors import ValidationFailed

LONG_DOMAIN = ".".join(["a" * 63] * 3)


def test_spelling_is_kept_where_it_may_matter() -> None:
    email = Email(" Ada.Lovelace+shop@Example.CO.UK\r\n")
    assert email.address == str(email) == "Ada.Lovelace+shop@example.co.uk"
    assert email.key == "ada.lovelace+shop@example.co.uk"
    assert email.domain == "example.co.uk"


def test_two_spellings_are_one_address() -> None:
    assert Email("Ada@example.com") == Email("ada@EXAMPLE.com")
    assert len({Email("Ada@example.com"), Email("ada@example.com")}) == 1
    assert Email("ada@example.com") != Email("ada@example.org")


@pytest.mark.parametrize(
    "text",
    [
        "a@b.co",
        "o'brien@example.ie",
        "user@xn--bcher-kva.example",
        "1@2.example",
        "a" * 64 + "@example.com",
        f"{'a' * 54}@{LONG_DOMAIN}.example",
    ],
)
def test_ordinary_addresses_are_taken(text: str) -> None:
    assert Email(text).address == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        # RFC 3492 §7.1, IDNA test domains of IANA, and what IDNA 2008 changed (RFC 5894 §7.2)
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@münchen.de", "ada@xn--mnchen-3ya.de"),
        ("ada@faß.de", "ada@xn--fa-hia.de"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("ada@пример.испытание", "ada@xn--e1afmkfd.xn--80akhbyknj4f"),
    ],
)
def test_a_domain_beyond_ascii_is_its_xn_form(typed: str, kept: str) -> None:
    assert Email(typed).address == kept
    assert Email(typed) == Email(kept)


@pytest.mark.parametrize(
    "text",
    ["ada@bü cher.example", "ada@☃.example", "ada@ﬁ.example", "ada@bü\u200bcher.example", "ada@ü"],
)
def test_what_is_no_letter_is_in_no_domain(text: str) -> None:
    with pytest.raises(ValidationFailed):
        Email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "ada@localhost",
        "ada@@example.com",
        "a@b@example.com",
        ".ada@example.com",
        "ada.@example.com",
        "a..b@example.com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@example..com",
        "ada@example.com.",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        '"ada lovelace"@example.com',
        "ada lovelace@example.com",
        "ada@exam ple.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada\x00@example.com",
        "ada@example.com\x00",
        "ada\x7f@example.com",
        "ada\udc80@example.com",
        "ad\u200ba@example.com",
        "adä@example.com",
        "a" * 65 + "@example.com",
        f"{'a' * 55}@{LONG_DOMAIN}.example",
        "ada@" + "a" * 64 + ".com",
        "a@" + "a." * 100_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        Email(text)
    assert refused.value.errors[0]["loc"] == ("email",)


@given(st.text())
def test_any_text_is_an_address_or_a_validation_error(text: str) -> None:
    try:
        email = Email(text)
    except ValidationFailed:
        return
    assert Email(email.address) == email
    assert email.key == email.address.lower()
    assert len(email.address) <= 254


@given(st.emails())
def test_what_is_accepted_is_printable_ascii(text: str) -> None:
    try:
        email = Email(text)
    except ValidationFailed:
        return
    assert email.key.isascii()
    assert email.key.isprintable()
