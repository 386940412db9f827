"""Which API keys somebody has."""

from dataclasses import dataclass

from shared.identity.ports import ApiKeySummaries, ApiKeySummary
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApiKeys:
    """The keys of one user."""

    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListApiKeysHandler:
    """Two reads: at most 20 keys, so there are no pages."""

    keys: ApiKeySummaries
    clock: Clock

    def __call__(self, query: ListApiKeys) -> list[ApiKeySummary]:
        """Return those that are good, newest first."""
        return self.keys.of_user(query.user_id, now=self.clock.now())
