"""What administrators see of an account."""

from typing import Annotated

from pydantic import Field

from shared.identity.domain.account import Account
from shared.platform.http.models import View
from shared.platform.http.reply import Reply


class AccountView(View):
    """An account, and what its owner may do."""

    id: str
    is_active: Annotated[bool, Field(description="Whether they can log in")]
    roles: list[str]
    grants: Annotated[list[str], Field(description="Permissions beyond those of the roles")]
    restrictions: Annotated[
        list[str], Field(description="Permissions withheld, whatever roles and grants say")
    ]
    version: int


def account_reply(account: Account) -> Reply[AccountView]:
    """Return the answer, with the version for ``If-Match``."""
    view = AccountView(
        id=account.user_id,
        is_active=account.active,
        roles=list(account.roles),
        grants=list(account.grants),
        restrictions=list(account.restrictions),
        version=account.version,
    )
    return Reply(view, headers={"etag": f'"{account.version}"'})
