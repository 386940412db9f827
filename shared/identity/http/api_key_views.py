"""What identity shows of API keys that are there."""

from typing import Annotated

from pydantic import Field

from shared.identity.ports import ApiKeySummary
from shared.kernel.clock import to_iso
from shared.platform.http.models import View


class ApiKeyView(View):
    """An API key, without its secret, which nobody here knows."""

    id: Annotated[str, Field(description="It stands in the key, after tw_live_ or tw_test_")]
    name: str
    scopes: list[str]
    created_at: str
    ends_at: Annotated[str | None, Field(description="When it ends; null, when it is revoked")]

    @classmethod
    def of(cls, key: ApiKeySummary) -> "ApiKeyView":
        ends_at = key.live.ends_at
        return cls(
            id=key.id,
            name=key.name,
            scopes=list(key.live.scopes),
            created_at=key.created_at,
            ends_at=None if ends_at is None else to_iso(ends_at),
        )


class ApiKeyIdView(View):
    """A key that is revoked."""

    id: str
