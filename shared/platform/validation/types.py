"""Reusable types for the fields of request bodies: checked, normalised, each with one message.

    class NewContact(BaseModel):
        model_config = ConfigDict(strict=True, extra="forbid")

        email: EmailText
        site: UrlText | None = None
        nick: Annotated[str, length(2, 30), matching("[a-z0-9_]+")]
        born: Annotated[date, date_between(date(1900, 1, 1), date(2020, 12, 31))]

All of them take strings as JSON has them and refuse every other type, in strict models and in lax
ones. Telephone and card numbers have modules of their own: their libraries are only loaded by
functions that use them.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import core_schema

from shared.kernel.email import Email
from shared.platform.validation.domain import by_domain
from shared.platform.validation.sentences import form_of
from shared.platform.validation.strict import MOMENT, refused

MAX_URL_LENGTH = 2_048
"""What browsers and proxies in use are known to carry; RFC 9110 §4.1 asks for 8 000 at least."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A check of a text that the JSON schema states, too."""

    check: Callable[[str], str]
    stated: Mapping[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {**handler(schema), **self.stated}


def _only_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise refused("string_type", "Must be a text.")
    return value


def text_type(normalise: Callable[[str], str], *, max_length: int, example: str) -> Any:
    """Return a ``str`` type whose values *normalise* accepts; it raises what is wrong with one."""
    return Annotated[
        str,
        Field(max_length=max_length, examples=[example]),
        BeforeValidator(_only_text),
        AfterValidator(normalise),
    ]


@by_domain
def _email(text: str) -> str:
    return Email(text).address


@cache
def _http_url() -> Any:
    from pydantic import HttpUrl, TypeAdapter  # noqa: PLC0415  # few bodies hold a URL

    return TypeAdapter(HttpUrl)


def _url(text: str) -> str:
    try:
        return str(_http_url().validate_python(text))
    except ValidationError:
        raise refused(
            "url", "Must be a web address that begins with http:// or https://."
        ) from None


def _uuid(text: str) -> str:
    try:
        value = UUID(text)
    except ValueError:
        value = None
    if value is None or str(value) != text.lower():
        raise refused("uuid", "Must be a UUID in its form of 36 characters.")
    return str(value)


def _ip(text: str) -> str:
    try:
        return ipaddress.ip_address(text).compressed
    except ValueError:
        raise refused("ip", "Must be an IPv4 or IPv6 address.") from None


EmailText = text_type(_email, max_length=300, example="ada@example.com")
"""An e-mail address: trimmed, its domain in lower case (`shared.kernel.email.Email`)."""

UrlText = text_type(_url, max_length=MAX_URL_LENGTH, example="https://shop.example/tea")
"""An absolute http(s) URL, its host in lower case and IDNA form."""

UuidText = text_type(_uuid, max_length=36, example="0190a000-0000-7000-8000-000000000000")
"""A UUID of any version (RFC 9562 §4), in lower case."""

IpText = text_type(_ip, max_length=45, example="2001:db8::1")
"""An IPv4 or IPv6 address, compressed (RFC 5952)."""


Timestamp = Annotated[datetime | None, MOMENT]
"""A date and time (RFC 3339, with its time zone), in UTC; or none."""


def length(shortest: int, longest: int) -> Any:
    """Return the bound on a text's length in code points, both ends included."""
    return Field(min_length=shortest, max_length=longest)


def matching(pattern: str) -> Any:
    """Return the check that *pattern*, a regular expression, matches the whole text."""
    compiled, stated = re.compile(pattern), f"^(?:{pattern})$"

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise refused("string_pattern_mismatch", form_of(stated))
        return text

    return _Stated(check, {"pattern": stated})


def in_range(lowest: float, highest: float) -> Any:
    """Return the bound on a number, both ends included."""
    return Field(ge=lowest, le=highest)


def one_of(*values: str) -> Any:
    """Return the check that a text is one of *values*; the message lists them."""
    listed = ", ".join(values)

    def check(text: str) -> str:
        if text not in values:
            raise refused("enum", f"Must be one of: {listed}.", allowed=[*map(str, values)])
        return text

    return _Stated(check, {"enum": [str(value) for value in values]})


def date_between(earliest: date, latest: date) -> Any:
    """Return a type for a calendar day ``YYYY-MM-DD`` (RFC 3339 full-date), both ends included."""

    def check(value: Any) -> date:
        try:
            day = value if type(value) is date else _day(_only_text(value))
        except ValueError:
            raise refused("date", "Must be a day of the form YYYY-MM-DD.") from None
        if not earliest <= day <= latest:
            limits = {"earliest": str(earliest), "latest": str(latest)}
            raise refused("date_range", f"Must be from {earliest} to {latest}.", **limits)
        return day

    return BeforeValidator(check)


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # fromisoformat takes more forms
        raise ValueError(text)
    return date.fromisoformat(text)
