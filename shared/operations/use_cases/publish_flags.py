"""Publish the flags: bring what functions read in line with what people have set."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.operations.ports import FlagPublisher, FlagsUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFlags:
    """A flag was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFlagsHandler:
    """Publishes all flags as they are now, so that events may come late, twice or out of order.

    The published version is asked for first, and a newer one is never replaced: of two runs at
    once the one that has read older flags is refused (`StaleAggregate`) and reads them again.
    """

    uow: FlagsUnitOfWork
    publisher: FlagPublisher
    names: Sequence[str]

    def __call__(self, _: PublishFlags) -> None:
        with self.uow as uow:
            published = self.publisher.latest()
            flags = uow.flags.find_all(self.names)
            settings = {name: flag.setting for name, flag in flags.items() if flag.setting}
            self.publisher.publish(settings, after=published)
            uow.commit()
