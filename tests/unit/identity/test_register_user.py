from datetime import UTC, datetime

import pytest

from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import EmailTaken, WeakPassword
from shared.identity.domain.password import Password
from shared.identity.use_cases.register_user import RegisterUser, RegisterUserHandler
from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.ids import is_id, new_id
from tests.unit.identity.fakes import IdentityDatabase, IdentityInMemory, PlainHasher

pytestmark = [pytest.mark.row("SEC-01"), pytest.mark.row("SEC-03")]
PASSWORD = "seven quiet otters at dusk"


@pytest.fixture
def database() -> IdentityDatabase:
    return IdentityDatabase()


@pytest.fixture
def register(database: IdentityDatabase) -> RegisterUserHandler:
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    return RegisterUserHandler(
        uow=IdentityInMemory(database, clock=clock),
        hasher=PlainHasher(),
        common_passwords={"password"},
        clock=clock,
        ids=new_id,
    )


def command(email: str = "Ada@Example.com", password: str = PASSWORD) -> RegisterUser:
    return RegisterUser(email=Email(email), name="Ada", password=Password(password))


def test_a_new_user_is_a_customer_who_can_log_in(
    register: RegisterUserHandler, database: IdentityDatabase
) -> None:
    user = register(command())
    assert is_id(user.user_id)
    assert (user.email, user.role, user.created_at) == (
        "Ada@example.com",
        "customer",
        "2026-01-01T00:00:00.000Z",
    )
    card = database.cards["ada@example.com"]
    assert (card.user_id, card.active, card.role) == (user.user_id, True, "customer")
    assert PlainHasher().verify(Password(PASSWORD), card.password_hash)
    assert database.event_types == ["user.registered"]


def test_an_address_has_one_account_whatever_its_case(
    register: RegisterUserHandler, database: IdentityDatabase
) -> None:
    first = register(command())
    with pytest.raises(EmailTaken):
        register(command("ADA@example.com", "another good passphrase"))
    assert database.cards["ada@example.com"].user_id == first.user_id
    assert len(database.events) == 1


def test_a_weak_password_changes_nothing(
    register: RegisterUserHandler, database: IdentityDatabase
) -> None:
    with pytest.raises(WeakPassword):
        register(command(password="Password123!"))
    assert (database.cards, database.events) == ({}, [])


def test_an_operators_tool_can_ask_for_a_role(register: RegisterUserHandler) -> None:
    asked = RegisterUser(
        email=Email("root@example.com"), name="Root", password=Password(PASSWORD), role=Role.ADMIN
    )
    assert register(asked).role == "admin"


def test_neither_command_nor_result_nor_event_shows_the_password(
    register: RegisterUserHandler, database: IdentityDatabase
) -> None:
    asked = command()
    result = register(asked)
    assert "staple" not in repr((asked, result, result.to_data(), database.events))
    assert "elpats" not in repr((result, result.to_data(), database.events, database.cards))
