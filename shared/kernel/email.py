"""E-mail addresses as people type them and as the system compares them."""

import re
import unicodedata
from dataclasses import dataclass, field

from shared.kernel.errors import ValidationFailed

MAX_LENGTH = 254
"""RFC 5321 §4.5.3.1.3: a path is 256 octets, two of them the angle brackets."""
MAX_LOCAL_LENGTH = 64
"""RFC 5321 §4.5.3.1.1."""

# A dot-atom before the @ (RFC 5322 §3.4.1), a dotted host name with a top-level domain that is not
# a number after it: no quoted strings, comments or address literals. ASCII only; a domain that has
# other letters is kept in its xn-- form, in which mail is sent to it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_IN_LABELS = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


@dataclass(frozen=True, slots=True)
class Email:
    """A deliverable-looking address.

    ``address`` keeps the local part as typed (some mailboxes are case-sensitive) with the domain
    in lower case; ``key`` is all lower case. Two addresses are equal when their keys are, and
    ``key`` is what uniqueness is claimed on. A domain with letters beyond ASCII is the same as its
    ``xn--`` form, which is what is kept. Raises :class:`ValidationFailed`.
    """

    address: str = field(compare=False)
    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        local, _, domain = self.address.strip(" \t\r\n").rpartition("@")
        domain = domain if domain.isascii() else _in_ascii(domain)
        typed = f"{local}@{domain}"
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


def _in_ascii(domain: str) -> str:
    """Return *domain* with every label in its ``xn--`` form (RFC 5891 §4.4), or as it was.

    Only small letters of one normal form, their marks and digits are taken; what the older
    standard mapped to something else (``ß`` to ``ss``) stays what it is.
    """
    labels = unicodedata.normalize("NFC", domain.lower()).split(".")
    return ".".join(_label(label) for label in labels)


def _label(label: str) -> str:
    if label.isascii():
        return label
    fit = all(
        each == "-" or each.isascii() or unicodedata.category(each) in _IN_LABELS for each in label
    )
    if not fit or unicodedata.normalize("NFKC", label) != label or label.startswith("xn--"):
        return label
    return f"xn--{label.encode('punycode').decode('ascii')}"
