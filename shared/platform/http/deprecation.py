"""An endpoint on its way out says so with every answer, and each use of it is counted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """Since when an endpoint is deprecated, when it may be gone, and what takes its place.

    The two moments are timezone-aware; ``successor`` is a path of this API.
    """

    since: datetime
    sunset: datetime
    successor: str

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and ``Link`` (RFC 8288)."""
        sunset = format_datetime(self.sunset.astimezone(UTC), usegmt=True)
        return [
            (b"deprecation", f"@{int(self.since.timestamp())}".encode()),
            (b"sunset", sunset.encode()),
            (b"link", f'<{self.successor}>; rel="successor-version"'.encode()),
        ]
