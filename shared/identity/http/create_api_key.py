"""How a wish for an API key looks, and its answer."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.identity.domain.errors import ApiKeyShown
from shared.identity.domain.key_text import NewSecret
from shared.identity.domain.user import clean_name
from shared.identity.use_cases.create_api_key import CreateApiKey, CreatedApiKey
from shared.platform.access.permissions import OF_SESSIONS, Permission, Principal
from shared.platform.http.models import Body, View
from shared.platform.http.text import Line
from shared.platform.rate_limits.rules import rate_limit
from shared.platform.validation.domain import by_domain

LIMITS = (rate_limit("30 API keys an hour per user"),)
"""A key's number is used once: who makes and revokes all day runs out of them in a year."""

_SCOPES = sorted(str(each) for each in Permission if each not in OF_SESSIONS)
LONGEST_DAYS = 3_650


def _is_scope(text: str) -> str:
    if text not in _SCOPES:
        raise PydanticCustomError(
            "scope", "Must be a permission that a key can have.", {"allowed": _SCOPES}
        )
    return text


Scope = Annotated[
    str, AfterValidator(_is_scope), Field(max_length=50, json_schema_extra={"enum": _SCOPES})
]


class CreateApiKeyBody(Body):
    """What the key is to be called, and may."""

    name: Annotated[
        Line,
        Field(min_length=1, max_length=200, examples=["Nightly import"]),
        AfterValidator(by_domain(clean_name)),
    ]
    scopes: Annotated[
        list[Scope],
        Field(
            default_factory=list,
            max_length=len(_SCOPES),
            description="What it may, of what its owner may; without any, what strangers may",
            examples=[["order:read"]],
        ),
    ]
    expires_in_days: Annotated[
        int | None,
        Field(ge=1, le=LONGEST_DAYS, description="Without it the key is good until it is revoked"),
    ] = None

    def to_command(self, user: Principal, secret: NewSecret) -> CreateApiKey:
        """Return the command of *user*."""
        days = self.expires_in_days
        return CreateApiKey(
            user_id=user.id,
            held=frozenset(map(str, user.permissions)),
            name=self.name,
            scopes=frozenset(self.scopes),
            lasts=None if days is None else timedelta(days=days),
            secret=secret,
        )


class NewApiKeyView(View):
    """A new key, whole: it is shown here and nowhere else."""

    id: str
    api_key: Annotated[
        str,
        Field(description="The key. Keep it: nobody can show it again", examples=["tw_live_…"]),
    ]
    name: str
    scopes: list[str]
    created_at: str
    ends_at: str | None

    @classmethod
    def of(cls, key: CreatedApiKey, *, secret: NewSecret) -> "NewApiKeyView":
        return cls(
            id=key.key_id,
            api_key=secret.written(key.key_id),
            name=key.name,
            scopes=list(key.scopes),
            created_at=key.created_at,
            ends_at=key.ends_at,
        )


def shown_once(key: CreatedApiKey) -> None:
    """Refuse to answer once more: the key that was shown is known to nobody here."""
    raise ApiKeyShown(key.key_id)
