"""What a use case answers, in a form that can be stored and answered again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol, Self, TypeVar

from shared.kernel.events import plain

C_contra = TypeVar("C_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandResult:
    """The outcome of a command: plain JSON values only, so that a replay gives the same again.

    ``remembered_seconds`` bounds how long it may be replayed, where it is not good for long.
    """

    remembered_seconds: ClassVar[int | None] = None

    def to_data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Build the result from what :meth:`to_data` gave; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


class CommandHandler(Protocol[C_contra, R_co]):
    """Handles one kind of command: one use case."""

    def __call__(self, command: C_contra, /) -> R_co:
        """Carry the command out, or raise a `DomainError` and change nothing."""
        ...
