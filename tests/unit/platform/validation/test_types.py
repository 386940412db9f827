"""The reusable types accept, normalise and refuse; each is a yes-or-no function too."""

from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.kernel.errors import ValidationFailed
from shared.platform.validation import checks
from shared.platform.validation.card import CardBrand, CardNumberText, brand_of
from shared.platform.validation.phone import PhoneText, phone_text
from shared.platform.validation.types import (
    EmailText,
    IpText,
    UrlText,
    UuidText,
    date_between,
    in_range,
    length,
    matching,
    one_of,
)
from shared.platform.validation.validate import validate

pytestmark = pytest.mark.row("VAL-01")

ID = "0190a000-0000-7000-8000-000000000000"
DAY = date_between(date(2020, 2, 29), date(2026, 12, 31))
GOOD = [
    (EmailText, " Ada@Example.COM ", "Ada@example.com"),
    (PhoneText, "+44 20 7946 0018", "+442079460018"),
    (phone_text(region="GB"), "020 7946 0018", "+442079460018"),
    (UrlText, "HTTPS://Shop.Example/Tea?a=b", "https://shop.example/Tea?a=b"),
    (UrlText, "http://bücher.example/", "http://xn--bcher-kva.example/"),
    (UuidText, ID.upper(), ID),
    (IpText, "2001:0DB8::0001", "2001:db8::1"),
    (IpText, "203.0.113.7", "203.0.113.7"),
    (CardNumberText, "4242 4242-4242 4242", "4242424242424242"),
    (Annotated[date, DAY], "2020-02-29", date(2020, 2, 29)),
    (Annotated[date, DAY], date(2026, 12, 31), date(2026, 12, 31)),
    (Annotated[str, length(2, 3)], "åå", "åå"),
    (Annotated[str, matching("[A-Z]+")], "ABC", "ABC"),
    (Annotated[int, in_range(1, 3)], 3, 3),
    (Annotated[str, one_of("tea", "cup")], "cup", "cup"),
]
BAD: list[tuple[Any, Any]] = [
    *(
        (kind, value)
        for kind in (EmailText, PhoneText, UrlText, UuidText, IpText, CardNumberText)
        for value in ("", "x", 1, None, True, b"a@b.example", "\x00", "9" * 5000)
    ),
    (EmailText, "ada@example"),
    (EmailText, "ada@@example.com"),
    (PhoneText, "020 7946 0018"),
    (PhoneText, "+44 20 7946 0018 ext. 5"),
    (UrlText, "javascript:alert(1)"),
    (UrlText, "//shop.example"),
    (UrlText, "https://shop.example/" + "a" * 2_048),
    (UuidText, ID.replace("-", "")),
    (UuidText, "{" + ID + "}"),
    (IpText, "203.0.113.07"),
    (IpText, "203.0.113.7/32"),
    (CardNumberText, "4242 4242 4242 4241"),
    (CardNumberText, "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"),
    (Annotated[date, DAY], "2020-02-28"),
    (Annotated[date, DAY], "2027-01-01"),
    (Annotated[date, DAY], "2021-02-29"),
    (Annotated[date, DAY], "20200229"),
    (Annotated[date, DAY], 1_582_934_400),
    (Annotated[str, length(2, 3)], "å"),
    (Annotated[str, matching("[A-Z]+")], "ABC\n"),
    (Annotated[int, in_range(1, 3)], 4),
    (Annotated[str, one_of("tea", "cup")], "Tea"),
]


@pytest.mark.parametrize(("kind", "given_value", "value"), GOOD, ids=range(len(GOOD)))
def test_what_is_right_is_normalised(kind: Any, given_value: Any, value: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    assert adapter.validate_python(given_value, strict=True) == value
    assert adapter.validate_python(value, strict=True) == value


@pytest.mark.parametrize(("kind", "value"), BAD, ids=range(len(BAD)))
def test_what_is_wrong_is_refused(kind: Any, value: Any) -> None:
    assert not checks.accepts(kind)(value)


def test_each_is_a_plain_function_too() -> None:
    assert checks.is_email("ada@example.com")
    assert not checks.is_email("ada")
    assert checks.is_phone("+442079460018")
    assert not checks.is_phone("12")
    assert checks.is_url("https://shop.example")
    assert not checks.is_url("ftp://shop.example")
    assert checks.is_uuid(ID)
    assert not checks.is_uuid("1")
    assert checks.is_ip("::1")
    assert not checks.is_ip("1.2.3")
    assert checks.is_card_number("5555555555554444")
    assert not checks.is_card_number("5555555555554445")
    assert checks.has_length(1, 2)("a")
    assert not checks.has_length(1, 2)("abc")
    assert checks.matches("a+")("aaa")
    assert not checks.matches("a+")("aab")
    assert checks.is_in_range(0, 1)(0.5)
    assert not checks.is_in_range(0, 1)(float("nan"))
    assert not checks.is_in_range(0, 1)(True)  # that is the point
    assert checks.is_one_of("a")("a")
    assert not checks.is_one_of("a")("b")
    assert checks.is_date_between(date(2020, 1, 1), date(2020, 1, 2))("2020-01-01")
    assert not checks.is_date_between(date(2020, 1, 1), date(2020, 1, 2))("2020-01-03")


@given(st.text(max_size=400) | st.integers() | st.none() | st.lists(st.text()))
def test_any_value_is_answered(value: Any) -> None:
    for kind in (EmailText, PhoneText, UrlText, UuidText, IpText, CardNumberText):
        checks.accepts(kind)(value)


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4242424242424242", CardBrand.VISA),
        ("5555555555554444", CardBrand.MASTERCARD),
        ("2223003122003222", CardBrand.MASTERCARD),
        ("378282246310005", CardBrand.AMEX),
        ("6011111111111117", CardBrand.DISCOVER),
        ("3056930009020004", CardBrand.DINERS),
        ("36227206271667", CardBrand.DINERS),
        ("3566002020360505", CardBrand.JCB),
        ("6200000000000005", CardBrand.UNIONPAY),
        ("6304000000000000", CardBrand.MAESTRO),
        ("9999999999999995", CardBrand.OTHER),
    ],
)
def test_a_card_number_tells_its_brand(number: str, brand: CardBrand) -> None:
    assert brand_of(number) is brand


class Contact(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    email: EmailText
    phone: PhoneText | None = None


@pytest.mark.row("VAL-02")
def test_validate_returns_the_model() -> None:
    contact = validate({"email": "ADA@EXAMPLE.COM", "phone": "+442079460018"}, Contact)
    assert contact == Contact(email="ADA@example.com", phone="+442079460018")


@pytest.mark.row("VAL-02")
def test_validate_lists_everything_that_is_wrong_and_repeats_no_value() -> None:
    with pytest.raises(ValidationFailed) as caught:
        validate({"email": "hunter2", "phone": 7, "more": 1}, Contact)
    found = {(*error["loc"], error["type"]) for error in caught.value.errors}
    assert found == {("email", "email"), ("phone", "string_type"), ("more", "extra_forbidden")}
    assert "hunter2" not in str(caught.value.errors)
