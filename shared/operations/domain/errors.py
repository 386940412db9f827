"""What operations refuses."""

from collections.abc import Collection

from shared.kernel.errors import NotFound, OperationNotAllowed, PreconditionFailed


class FlagNotFound(NotFound):
    """There is no flag of that name."""

    code = "FLAG_NOT_FOUND"
    sentence = "There is no feature flag {name}."

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(details={"name": name[:100], "known": [*known]})


class FlagHasChanged(PreconditionFailed):
    """The flag is not at the version that the caller named."""

    sentence = "The feature flag has changed since you read it; its version is now {version}."


class ConsumerUnknown(NotFound):
    """No rule of the bus leads to a consumer of this name."""

    code = "CONSUMER_UNKNOWN"
    sentence = "There is no consumer {consumer}."

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(details={"consumer": name[:100], "consumers": sorted(known)})


class NothingToRedrive(OperationNotAllowed):
    """A relay's dead letters are keys of events, or positions in a stream: no queue takes them."""

    code = "NOTHING_TO_REDRIVE"
    sentence = (
        "{consumer} is a relay: its dead letters name events that never reached the bus. Mend what"
        " their reasons say, replay the events to their consumers, and discard the letters."
    )


class QueueRefuses(OperationNotAllowed):
    """The consumer's queue does not take some messages, however often it is asked."""

    code = "QUEUE_REFUSES"
    sentence = "The consumer's queue refuses {number:message|messages}."


class NotRebuildable(OperationNotAllowed):
    """The consumer keeps no read model: it takes no event twice, whatever the run is called."""

    code = "NOT_REBUILDABLE"
    sentence = "{consumer} cannot be rebuilt: what it has handled it handles no second time."

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(details={"consumer": name[:100], "rebuildable": sorted(known)})


class NoMigrations(NotFound):
    """No migrations are known for the context, or not its table."""

    sentence = "There are no migrations for {context}."

    def __init__(self, context: str, known: Collection[str]) -> None:
        super().__init__(details={"context": context[:100], "known": [*known]})


class NoEventLog(NotFound):
    """No table is known that keeps the events of the source."""

    sentence = "No table is known that keeps the events of {source}."

    def __init__(self, source: str, known: Collection[str]) -> None:
        super().__init__(details={"source": source[:100], "known": sorted(known)})


class MigrationUnsound(OperationNotAllowed):
    """A migration touches what it may not; ``reason`` names it and the item."""

    code = "MIGRATION_UNSOUND"
    sentence = "The migration does what no migration may do: {reason}. That item was not changed."
