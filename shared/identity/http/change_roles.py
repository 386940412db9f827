"""How a change of roles looks."""

from typing import Annotated

from pydantic import Field

from shared.identity.domain.entitlements import Role
from shared.platform.http.models import Body
from shared.platform.validation.types import one_of


class RolesBody(Body):
    """All the roles that somebody is to have."""

    roles: Annotated[
        list[Annotated[str, one_of(*Role)]],
        Field(min_length=1, max_length=len(Role), examples=[["customer", "warehouse"]]),
    ]
