"""API keys of one environment: what new ones are made of, and what a text claims to be."""

import os
from collections.abc import Callable

from shared.identity.domain.key_text import (
    LIVE,
    SECRET_BYTES,
    TEST,
    ClaimedKey,
    NewSecret,
    read_key,
)
from shared.platform.runtime.settings import Environment


class EnvironmentKeys:
    """Draws and reads keys; those of production say so, and are good nowhere else."""

    def __init__(
        self, environment: Environment, *, randomness: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._prefix = LIVE if environment is Environment.PRODUCTION else TEST
        self._randomness = randomness

    def draw(self) -> NewSecret:
        """Return another secret each time; see `shared.identity.ports.KeySecrets`."""
        return NewSecret(prefix=self._prefix, randomness=self._randomness(SECRET_BYTES))

    def read(self, text: str) -> ClaimedKey:
        """Return what *text* claims to be; see `shared.identity.ports.KeyReader`."""
        return read_key(text, prefix=self._prefix)
