"""Keeps secrets out of logs, error reports and events."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from math import isfinite
from typing import Any

MASK = "*****"
_MAX_DEPTH = 12
_PAIR = 2

_NAMES = (
    r"pass(?:word|wd|phrase)|pwd|(?<!\d:)secret(?!smanager)"  # an ARN is no secret
    r"|token(?!_type)|authorization|cookie|api[-_]?key|credential|private[-_]?key"
    r"|access[-_]?key|card[-_]?number|x-origin-verify|signature|[cx]srf"
    r"|(?:recovery|backup|verification|one[-_]?time|mfa)[-_]?codes?"
    r"|(?<![a-z])t?otp(?![a-z])|session(?:[-_]?(?:id|key|cookie))?(?![\w-])"
)
_SECRET_KEY = re.compile(
    rf"{_NAMES}|card[-_]?no$|^(?:pan|cvv2?|cvc2?|csc|pin|jwt)$"
    r"|e[-_]?mail(?:[-_]?address(?:es)?)?$|(?:tele)?phone(?:[-_]?(?:number|no))?$|iban$",
    re.IGNORECASE,
)
_NOT_SECRET = frozenset({"next_cursor", "prev_cursor", "ClientRequestToken", "api_key_id"})
_SECRET_TEXT = re.compile(
    r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON Web Token
    r"|\btwr_[\w.-]+"  # a refresh token
    r"|\btw_(?:live|test)_\w{10,}"  # an API key
    r"|\b(?:Bearer|Basic)\s+[\w.~+/=-]+"
    r"|\b[2-6]\d(?:[ .-]?\d){11,17}\b"  # 13 to 19 digits: a card number, if Luhn agrees
    r"|\$(?:argon2\w*|2[abxy]?|[156y]|scrypt|pbkdf2[\w-]*)\$[^\s\"']{8,}"  # as crypt(5) has them
    r"|\b(?-i:A[KS]IA[A-Z2-7]{16})\b"  # AWS's access keys and temporary ones
    r"|\b(?-i:[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b"  # an IBAN, if it checks
    r"|\+[1-9](?:[ ()./-]{0,2}\d){7,14}\b"  # a telephone number, E.164
    r"|-----BEGIN[A-Z ]*PRIVATE KEY-----.*?(?:-----END[A-Z ]*PRIVATE KEY-----|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_SHORTEST = 6  # no text shorter than this matches, and most fields are
_LONGEST_KEPT, _MAX_KEPT = 100, 1_000
_harmless: set[str] = set()  # short texts that were looked at: routes and sentences come again


@cache
def _named_text() -> re.Pattern[str]:
    """Compile what few texts are looked at with, and not before one comes: a start is shorter."""
    return re.compile(
        rf"((?:{_NAMES})(?![\w-]{{0,40}}(?:Error|Exception))[\w-]{{0,40}}\\*[\"']?\s*[:=]\s*)"
        r"(?:(?P<quote>\\*[\"'])(?:(?!(?P=quote))(?:\\.|[^\\])){0,4000}"
        r"|(?:Bearer|Basic)\s+[^\s,;&\"'\\]+"
        r"|(?:[\w.-]+=[^\s;,\"'\\]+;\s*)+[^\s,\"'\\]*"  # several cookies
        r"|[^\s,;&\"'<>(){}\[\]\\]+)"
        r"|(\binput_value=).{0,200}?(?=, input_type=)",  # pydantic shows what it was given
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _addresses() -> re.Pattern[str]:
    """Compile what texts with an @ are looked at with: a user and password, or an e-mail address.

    Lengths are RFC 5321's; without a bound a long text would take the square of its length.
    """
    return re.compile(
        r"(?<=://)[^\s/@:]{0,100}:[^\s/@]{1,300}(?=@)"
        r"|[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}"
    )


def masked(value: Any, *, _depth: int = 0) -> Any:  # noqa: PLR0911  # one per kind of value
    """Return *value* with every secret replaced by ``*****``; the original is left alone.

    A secret is the value of a field (or the second of a pair) whose name says so, at any depth,
    and in any text whatever stands after such a name (``password=…``, ``"token": "…"``) or looks
    like a bearer token, a JSON Web Token, a password hash, a private key, an access key's id, a
    user and password in an address, a card number, an IBAN, a telephone number or an e-mail
    address.
    What is returned can be written as JSON.
    """
    if isinstance(value, str):
        return _masked_text(value)
    if value is None or isinstance(value, int) or (type(value) is float and isfinite(value)):
        return value
    if _depth > _MAX_DEPTH:
        return MASK
    if isinstance(value, Mapping):
        deeper = _depth + 1
        return {_key(key): masked_field(key, inner, _depth=deeper) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        inner = list(value)
        if len(inner) == _PAIR and is_secret_name(inner[0]):
            return [_key(inner[0]), masked_field(*inner, _depth=_depth + 1)]
        return [masked(each, _depth=_depth + 1) for each in inner]
    if isinstance(value, bytes | bytearray):
        return masked(bytes(value).decode("utf-8", "replace"))
    return masked(str(value))


def is_secret_name(name: object) -> bool:
    """Tell whether a field of this name holds a secret."""
    if isinstance(name, str):
        return _names_secret(name)
    return isinstance(name, bytes) and _names_secret(name.decode("utf-8", "replace"))


@lru_cache(maxsize=512)  # the names of fields come again and again
def _names_secret(name: str) -> bool:
    return name not in _NOT_SECRET and bool(_SECRET_KEY.search(name))


def masked_field(name: object, value: Any, *, _depth: int = 0) -> Any:
    """Return *value* as `masked` does, or the mask if *name* says that it is a secret."""
    if value is None or isinstance(value, bool):
        return value
    if _names_secret(name) if isinstance(name, str) else is_secret_name(name):
        return MASK
    if isinstance(value, str):
        return _masked_text(value)
    return masked(value, _depth=_depth)


def _key(name: object) -> Any:
    if isinstance(name, str):
        return name
    if isinstance(name, bytes):
        return name.decode("utf-8", "replace")
    return name if name is None or isinstance(name, int | float) else str(name)


def _masked_text(text: str) -> str:
    if len(text) < _SHORTEST or text in _harmless:
        return text
    found = text
    if "=" in text or ":" in text:
        found = _named_text().sub(_mask_value, text)
    if "@" in text:
        found = _addresses().sub(MASK, found)
    found = _SECRET_TEXT.sub(_mask_match, found)
    if found == text and len(text) <= _LONGEST_KEPT:
        if len(_harmless) >= _MAX_KEPT:
            _harmless.clear()
        _harmless.add(text)
    return found


def _mask_value(match: re.Match[str]) -> str:
    return f"{match[1] or match[3]}{match[2] or ''}{MASK}"


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    if found[0].isdigit() and not is_card_number(found):
        return found
    if found[:2].isalpha() and found[2:4].isdigit() and not _is_iban(found):
        return found
    return MASK


def _is_iban(text: str) -> bool:
    """Tell whether the check digits of an account number are right, ISO 13616 (mod 97 is 1)."""
    known = text.replace(" ", "")
    return int("".join(str(int(each, 36)) for each in known[4:] + known[:4])) % 97 == 1


def is_card_number(text: str) -> bool:
    """Tell whether the digits in *text* pass Luhn's check, ISO/IEC 7812-1 annex B."""
    digits = [int(character) for character in text if character.isdigit()]
    if not 13 <= len(digits) <= 19:  # noqa: PLR2004  # the lengths ISO/IEC 7812 allows
        return False
    doubled = (2 * digit - 9 if digit > 4 else 2 * digit for digit in digits[-2::-2])  # noqa: PLR2004
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
