"""E-mail addresses as people type them and as the system compares them."""

import re
from dataclasses import dataclass, field

from shared.kernel.errors import ValidationFailed

MAX_LENGTH = 254
"""RFC 5321 §4.5.3.1.3: a path is 256 octets, two of them the angle brackets."""
MAX_LOCAL_LENGTH = 64
"""RFC 5321 §4.5.3.1.1."""

# A dot-atom before the @ (RFC 5322 §3.4.1), a dotted host name with a top-level domain that is not
# a number after it: no quoted strings, comments or address literals. ASCII only; an
# internationalised domain is given in its xn-- form.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


@dataclass(frozen=True, slots=True)
class Email:
    """A deliverable-looking address.

    ``address`` keeps the local part as typed (some mailboxes are case-sensitive) with the domain
    in lower case; ``key`` is all lower case. Two addresses are equal when their keys are, and
    ``key`` is what uniqueness is claimed on. Raises :class:`ValidationFailed`.
    """

    address: str = field(compare=False)
    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        typed = self.address.strip(" \t\r\n")
        local, _, domain = typed.rpartition("@")
        if (
            len(typed) > MAX_LENGTH
            or len(local) > MAX_LOCAL_LENGTH
            or not _ADDRESS.fullmatch(typed)
        ):
            msg = "Must be a valid e-mail address, such as ada@example.com."
            raise ValidationFailed.of("email", msg, "email")
        object.__setattr__(self, "address", f"{local}@{domain.lower()}")
        object.__setattr__(self, "key", typed.lower())

    @property
    def domain(self) -> str:
        """The part after the ``@``, in lower case."""
        return self.key.rpartition("@")[2]

    def __str__(self) -> str:
        return self.address
