"""Identity's unit of work on DynamoDB."""

from functools import cached_property

from shared.identity.adapters.logins import DynamoLoginRepository
from shared.identity.adapters.users import DynamoUserRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork


class DynamoIdentityUnitOfWork(DynamoUnitOfWork):
    """Users and log-ins of one table."""

    @cached_property
    def users(self) -> DynamoUserRepository:
        return DynamoUserRepository(self)

    @cached_property
    def logins(self) -> DynamoLoginRepository:
        return DynamoLoginRepository(self)
