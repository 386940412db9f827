"""A broken promise."""

from typing import NoReturn


class Violation(AssertionError):
    """The invariant *name* does not hold; the message says for whom."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name


def broken(name: str, message: str) -> NoReturn:
    """Raise the violation of invariant *name*."""
    raise Violation(name, message)


def require(holds: object, name: str, message: str) -> None:
    """Raise the violation of invariant *name* unless it *holds*."""
    if not holds:
        broken(name, message)
