"""Texts that must not be card numbers: refused without being repeated, stored or logged."""

import re
from typing import Any

from pydantic import BeforeValidator

from shared.platform.telemetry.masking import is_card_number
from shared.platform.validation.strict import refused

_DIGITS = re.compile(r"\d(?:[ ._-]?\d){12,}", re.ASCII)
"""As people write them: in one go, or in groups."""


def _without_card_number(value: Any) -> Any:
    if isinstance(value, str) and any(is_card_number(run) for run in _DIGITS.findall(value)):
        raise refused(
            "card_number", "This looks like the number of a card. Please never send one to us."
        )
    return value


NO_CARD_NUMBER = BeforeValidator(_without_card_number)
"""Refuses a text with 13 to 19 digits in it that pass Luhn's check, whatever else it should be."""
