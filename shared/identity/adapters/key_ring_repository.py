"""The published keys on DynamoDB, for what rotates them."""

from shared.identity.adapters.key_ring import ring_item
from shared.identity.adapters.key_ring_reader import DynamoKeyRingReader
from shared.identity.domain.key_ring import KeyRing
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import put_state


class DynamoKeyRingRepository(DynamoKeyRingReader):
    """Reads and writes the published keys."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        super().__init__(uow.client, uow.table)
        self._uow = uow

    def save(self, ring: KeyRing) -> None:
        """Stage *ring*; see `shared.identity.ports.KeyRingRepository`."""
        read = ring.version
        self._uow.stage(put_state(ring_item(ring), version=read + 1, committed_version=read))
