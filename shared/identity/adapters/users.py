"""Users on DynamoDB."""

from shared.identity.adapters.items import card_item, user_item
from shared.identity.domain.errors import EmailTaken
from shared.identity.domain.user import User
from shared.kernel.refusals import resource_already_exists
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import put, put_state


class DynamoUserRepository:
    """Writes users with their log-in cards."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        self._uow = uow

    def add(self, user: User, *, password_hash: str) -> None:
        """Stage state and log-in card; see `shared.identity.ports.UserRepository`."""
        state = {"PK": partition(User.aggregate_type, user.id), **user_item(user)}
        self._uow.register(
            user,
            put(card_item(user, password_hash), refused=_taken),
            put_state(state, version=user.version, committed_version=user.committed_version),
        )


def _taken() -> Exception:
    return resource_already_exists("account", kind=EmailTaken)
