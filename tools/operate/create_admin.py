"""`python -m tools.operate.create_admin TABLE EMAIL NAME [--role admin]`: make an administrator.

Nobody can ask the API for a role, so the first administrator is made by whoever may write to
identity's table, through the same use case as every registration. The password is read from
``TRADEWIND_ADMIN_PASSWORD`` or asked for; it is never an argument, because those can be seen.
"""

import getpass
import os
import sys
from typing import TYPE_CHECKING

import boto3

from shared.identity.adapters.argon2_hasher import Argon2Hasher
from shared.identity.adapters.common_passwords import ZxcvbnPasswords
from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
from shared.identity.domain.entitlements import Role
from shared.identity.domain.password import Password
from shared.identity.domain.user import FIRST_ROLES
from shared.identity.use_cases.register_user import (
    RegisteredUser,
    RegisterUser,
    RegisterUserHandler,
)
from shared.kernel.clock import SystemClock
from shared.kernel.email import Email
from shared.kernel.ids import new_id
from shared.platform.runtime.context import request_context
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACTOR = "tools.operate.create_admin"


def create_admin(
    client: "DynamoDBClient",
    table: str,
    *,
    email: str,
    name: str,
    password: str,
    role: Role = Role.ADMIN,
) -> RegisteredUser:
    """Return the new user; raises what registration raises, `EmailTaken` among it."""
    os.environ.setdefault("SERVICE", "identity")  # the platform's settings demand one
    os.environ.setdefault("LOG_LEVEL", "CRITICAL")  # what goes wrong is said in words
    command = RegisterUser(email=Email(email), name=name, password=Password(password), role=role)
    register = RegisterUserHandler(
        uow=DynamoIdentityUnitOfWork(client, table),
        hasher=Argon2Hasher(),
        common_passwords=ZxcvbnPasswords(),
        clock=SystemClock(),
        ids=new_id,
    )
    with request_context(actor=ACTOR):
        return register(command)


@guarded
def main(arguments: list[str] | None = None) -> int:
    """Make the user; return the exit status."""
    parser = Parser(prog="python -m tools.operate.create_admin")
    parser.add_argument("table", help="identity's table: the stack's output TableName")
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--role", type=Role, choices=FIRST_ROLES, default=Role.ADMIN)
    asked = parser.parse_args(arguments)
    password = os.environ.get("TRADEWIND_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    user = create_admin(
        boto3.client("dynamodb"),
        asked.table,
        email=asked.email,
        name=asked.name,
        password=password,
        role=asked.role,
    )
    print(f"{user.role} {user.email} has id {user.user_id}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
