"""What identity is asked on a schedule, by a deployment or by whoever is on call."""

from collections.abc import Mapping
from typing import Any

from shared.identity.use_cases.rotate_signing_keys import RotateSigningKeys
from shared.kernel.errors import ValidationFailed


def rotate_command(asked: Mapping[str, Any]) -> RotateSigningKeys:
    """Read what to do with the keys: ``{"start": true}``, ``{"leaked": true}``, or what is due.

    The events of a schedule and of a deployment say neither. `ValidationFailed` for another value.
    """
    for name in ("start", "leaked"):
        if not isinstance(asked.get(name, False), bool):
            raise ValidationFailed.of(name, "Must be true or false.")
    return RotateSigningKeys(start=asked.get("start", False), leaked=asked.get("leaked", False))
