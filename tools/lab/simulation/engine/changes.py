"""What a table's stream says of a change."""

from dataclasses import dataclass
from typing import Any

from tools.lab.simulation.engine.errors import Attributes
from tools.lab.simulation.engine.values import item_size

_REGION, _ACCOUNT = "eu-central-1", "000000000000"
_NEW = frozenset({"NEW_IMAGE", "NEW_AND_OLD_IMAGES"})
_OLD = frozenset({"OLD_IMAGE", "NEW_AND_OLD_IMAGES"})


@dataclass(frozen=True, slots=True)
class Change:
    """One item before and after (``None``: absent), whatever the stream's view type.

    *number* counts the engine's changes from 1, *at* is the engine's time in seconds, *expired*
    tells a removal by time to live from one that was asked for. The sizes are in bytes.
    """

    table: str
    key: Attributes
    old: Attributes | None
    new: Attributes | None
    number: int
    at: float
    view: str
    expired: bool = False
    old_size: int = 0
    new_size: int = 0

    @property
    def name(self) -> str:
        """``INSERT``, ``MODIFY`` or ``REMOVE``."""
        if self.new is None:
            return "REMOVE"
        return "INSERT" if self.old is None else "MODIFY"

    @property
    def sequence(self) -> str:
        """The sequence number: 21 digits, growing with every change."""
        return f"{self.number:021d}"

    def record(self) -> dict[str, Any]:
        """Return the record as Lambda gets it from the stream, in wire form."""
        images, size = {}, item_size(self.key)
        if self.new is not None and self.view in _NEW:
            images["NewImage"] = self.new
            size += self.new_size
        if self.old is not None and self.view in _OLD:
            images["OldImage"] = self.old
            size += self.old_size
        record: dict[str, Any] = {
            "eventID": f"{self.number:032x}",
            "eventName": self.name,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": _REGION,
            "dynamodb": {
                "ApproximateCreationDateTime": int(self.at),
                "Keys": self.key,
                **images,
                "SequenceNumber": self.sequence,
                "SizeBytes": size,
                "StreamViewType": self.view,
            },
            "eventSourceARN": (
                f"arn:aws:dynamodb:{_REGION}:{_ACCOUNT}:table/{self.table}"
                "/stream/2026-01-01T00:00:00.000"
            ),
        }
        if self.expired:
            record["userIdentity"] = {
                "type": "Service",
                "principalId": "dynamodb.amazonaws.com",
            }
        return record
