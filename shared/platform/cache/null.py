"""No cache: every reader computes."""

from collections.abc import Iterable


class NullBackend:
    """Keeps nothing."""

    name = "none"

    def get_many(self, _keys: Iterable[str], /) -> dict[str, str]:
        """Return nothing."""
        return {}

    def set(self, _key: str, _value: str, /, *, ttl: float) -> None:
        """Forget it at once."""

    def add(self, _key: str, _value: str, /, *, ttl: float) -> bool:  # noqa: ARG002  # the protocol's
        """Say that there was none."""
        return True

    def delete(self, _key: str, /) -> None:
        """There is nothing to forget."""

    def close(self) -> None:
        """There is nothing to let go of."""
