"""What notifications shows over HTTP."""

from typing import Annotated

from pydantic import Field

from shared.notifications.ports import NotificationView
from shared.platform.http.models import View


class DeliveryBody(View):
    """The result of sending the message on one channel."""

    channel: Annotated[str, Field(examples=["email"])]
    status: Annotated[
        str, Field(description="due, sending, sent, failed or unknown", examples=["sent"])
    ]


class NotificationBody(View):
    """One notification of the reader."""

    id: str
    kind: Annotated[str, Field(examples=["order_completed"])]
    subject: Annotated[str, Field(examples=["Thank you for your order"])]
    body: str
    channels: list[DeliveryBody]
    created_at: str

    @classmethod
    def of(cls, view: NotificationView) -> "NotificationBody":
        """Return the body of *view*."""
        return cls(
            id=view.id,
            kind=view.kind,
            subject=view.subject,
            body=view.body,
            channels=[
                DeliveryBody(channel=channel, status=status) for channel, status in view.channels
            ],
            created_at=view.created_at,
        )


class NotificationPage(View):
    """A page of notifications, newest first."""

    items: list[NotificationBody]
    next_cursor: str | None
    prev_cursor: str | None
    has_next: bool
    has_prev: bool
    limit: int
