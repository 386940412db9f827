"""Publishes what happened beside a request, through the table like any other event."""

from shared.kernel.aggregate import Aggregate
from shared.platform.aws.clients import dynamodb
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.runtime.context import current, within
from shared.platform.runtime.settings import settings


def publish_standalone(aggregate: Aggregate, *, expires_at: int | None = None) -> None:
    """Commit *aggregate*'s events on their own: the request's markers must not be part of it.

    With *expires_at* (epoch seconds) they are kept until then. A function without a table
    publishes nothing.
    """
    known = current()
    table = settings().table_name
    if not table:
        return
    with within(
        known,
        about=dict(known.about),
        correlation_id=known.correlation_id,
        trace=known.trace,
        user_id=known.user_id,
    ):
        uow = DynamoUnitOfWork(dynamodb(), table)
        with uow:
            uow.register(aggregate, expires_at=expires_at)
            uow.commit()
