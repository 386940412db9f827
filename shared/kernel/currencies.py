"""Currencies a price may be in: ISO 4217, list one, as published on 2026-01-01.

Source: SIX Financial Information, the ISO 4217 maintenance agency, table A.1. Codes without a
minor unit (metals, bond market units, SDR, testing) are left out: nothing is sold in them.
"""

import re
from typing import TYPE_CHECKING

from shared.kernel.errors import ValidationFailed

if TYPE_CHECKING:
    # At run time the module does without: importing it takes 9 ms of a cold start.
    from decimal import Decimal

_CODES_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
        "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
        "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
        "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
        "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
        "XAD XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

EXPONENTS: dict[str, int] = {
    code: exponent for exponent, codes in _CODES_BY_EXPONENT.items() for code in codes.split()
}
"""Code → number of decimal places of its minor unit (EUR 2: 1 euro is 100 cents)."""

_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<fraction>[0-9]+))?")
_MAX_DIGITS = 16


def exponent_of(currency: str) -> int:
    """Return how many decimal places *currency* has; :class:`ValidationFailed` if unknown."""
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        msg = "Must be a currency that ISO 4217 knows, such as GBP."
        raise ValidationFailed.of("currency", msg, "currency")
    return exponent


def minor_units(value: "Decimal | str", currency: str) -> int:
    """Return *value* major units of *currency* as minor units, exactly.

    Raises :class:`ValidationFailed` for text that is not a plain decimal number, for more decimal
    places than the currency has, and for more than 16 digits.
    """
    places = exponent_of(currency)
    negative, digits, exponent = _parsed(value) if isinstance(value, str) else _parts(value)
    significant = digits.rstrip("0")
    if not significant:
        return 0
    shift = exponent + len(digits) - len(significant) + places
    # Both bounds are checked on the digits alone: 1e999999 must never become an integer.
    if shift < 0:
        msg = f"{currency} has {places} decimal places."
        raise ValidationFailed.of("amount", msg, "money_precision")
    if len(significant) + shift > _MAX_DIGITS:
        raise ValidationFailed.of("amount", "This amount is too large.", "money_range")
    magnitude = int(significant + "0" * shift)
    return -magnitude if negative else magnitude


def _parsed(text: str) -> tuple[bool, str, int]:
    """Return the sign, digits without leading zeros, and power of ten of the last digit."""
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise ValidationFailed.of("amount", "Must be a decimal number.", "money_parsing")
    fraction = number["fraction"] or ""
    return number["sign"] == "-", (number["whole"] + fraction).lstrip("0"), -len(fraction)


def _parts(value: "Decimal") -> tuple[bool, str, int]:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValidationFailed.of("amount", "Must be a finite number.", "money_parsing")
    return bool(sign), "".join(map(str, digits)).lstrip("0"), exponent
