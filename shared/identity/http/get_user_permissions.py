"""What is shown of somebody's permissions."""

from typing import Annotated

from pydantic import Field

from shared.identity.queries.get_user_permissions import UserPermissions
from shared.platform.http.models import View
from shared.platform.http.reply import Reply


class UserPermissionsView(View):
    """What somebody may do, and what it comes from."""

    id: str
    roles: list[str]
    grants: Annotated[list[str], Field(description="Permissions beyond those of the roles")]
    restrictions: Annotated[
        list[str], Field(description="Permissions withheld, whatever roles and grants say")
    ]
    permissions: Annotated[list[str], Field(description="What they hold by all this together")]
    version: int


def permissions_reply(found: UserPermissions) -> Reply[UserPermissionsView]:
    """Return the answer, with the version for ``If-Match``."""
    view = UserPermissionsView(
        id=found.user_id,
        **found.entitlements.to_data(),
        permissions=sorted(found.held),
        version=found.version,
    )
    return Reply(view, headers={"etag": f'"{found.version}"'})
