"""Whether a request came through the front door: it sends a secret, and we know its hash.

A deployment knows two, the current one's and the previous one's: a rotation lets nobody in the
middle of it stand outside. Where it knows none there is no front door, and everybody has come the
right way.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from shared.platform.runtime.settings import settings

HEADER = "x-origin-verify"


def is_there() -> bool:
    """Tell whether there is a front door."""
    return bool(settings().origin_verify_hashes)


def proves(claimed: str) -> bool:
    """Tell whether *claimed*, what the header says, is a secret of the front door's."""
    digest = hashlib.sha256(claimed.encode("utf-8", "surrogateescape")).digest()
    found = urlsafe_b64encode(digest).rstrip(b"=")
    known = settings().origin_verify_hashes.encode().split(b",")
    return any([hmac.compare_digest(found, each) for each in known])  # noqa: C419  # all, always
