"""How the notifications functions are put together."""

# ruff: noqa: PLC0415  # a function loads only the modules that it needs
import os
from typing import TYPE_CHECKING

from shared.orders.published import UPCASTS
from shared.platform.aws.clients import client, dynamodb
from shared.platform.events.upcasts import register
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings

if TYPE_CHECKING:
    from shared.notifications.queries.list_my_notifications import ListMyNotificationsHandler
    from shared.notifications.use_cases.notify import NotifyHandler
    from shared.notifications.use_cases.notify_sales import NotifySalesHandler

register(UPCASTS)  # of the events that are read here


@provides
def notify(services: Services) -> "NotifyHandler":
    from shared.kernel.clock import SystemClock
    from shared.notifications.adapters.email_channel import EmailChannel, EmailSettings
    from shared.notifications.adapters.log_channel import LogChannel
    from shared.notifications.adapters.mailbox_limits import MailboxLimits
    from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
    from shared.notifications.use_cases.notify import NotifyHandler
    from shared.platform.aws.secrets import service_secret
    from shared.platform.flags.flags import FeatureFlags
    from shared.platform.flags.names import Flag
    from shared.platform.rate_limits.dynamodb import rate_limiter

    limits = MailboxLimits(services.get(rate_limiter), lambda: service_secret().get().current)
    email = EmailChannel(
        client("ses", attempts=1),
        sender=load(EmailSettings, os.environ).sender_email,
        flags=services.get(FeatureFlags),
        flag=Flag.CUSTOMER_MAILS,
        limits=limits,
    )
    return NotifyHandler(
        uow=DynamoNotificationsUnitOfWork(dynamodb(), settings().table_name),
        channels=(email, LogChannel()),
        clock=SystemClock(),
    )


@provides
def notify_sales(services: Services) -> "NotifySalesHandler":
    from shared.kernel.clock import SystemClock
    from shared.kernel.email import Email
    from shared.notifications.adapters.email_channel import EmailChannel, SalesSettings
    from shared.notifications.adapters.unit_of_work import DynamoNotificationsUnitOfWork
    from shared.notifications.domain.contact import Contact
    from shared.notifications.use_cases.notify_sales import NotifySalesHandler
    from shared.platform.flags.flags import FeatureFlags
    from shared.platform.flags.names import Flag

    known = load(SalesSettings, os.environ)
    return NotifySalesHandler(
        uow=DynamoNotificationsUnitOfWork(dynamodb(), settings().table_name),
        channel=EmailChannel(
            client("ses", attempts=1),
            sender=known.sender_email,
            flags=services.get(FeatureFlags),
            flag=Flag.SALES_ALERTS,
        ),
        sales=Contact("sales", name="Sales", email=Email(known.sales_email)),
        clock=SystemClock(),
        thresholds=known.thresholds,
    )


@provides
def list_my_notifications(_: Services) -> "ListMyNotificationsHandler":
    from shared.notifications.adapters.notification_reader import DynamoNotificationReader
    from shared.notifications.queries.list_my_notifications import ListMyNotificationsHandler
    from shared.platform.aws.secrets import service_secret
    from shared.platform.dynamodb.cursors import CursorCodec
    from shared.platform.dynamodb.paging import Pager

    cursors = CursorCodec(lambda: service_secret().get().versions)
    pager = Pager(dynamodb(), settings().table_name, cursors)
    return ListMyNotificationsHandler(notifications=DynamoNotificationReader(pager))
