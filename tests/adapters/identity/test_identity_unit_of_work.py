"""Identity's repositories keep the same promises in memory, on moto and on DynamoDB Local."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.adapters.profile_reader import DynamoProfileReader
from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
from shared.identity.domain.entitlements import Entitlements, Role
from shared.identity.domain.errors import EmailTaken
from shared.identity.domain.login_throttle import LoginThrottle, account_of
from shared.identity.domain.user import User
from shared.identity.ports import IdentityUnitOfWork, Profile
from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from tests.support.aws_calls import counted_calls
from tests.support.tiers import DYNAMODB_LOCAL
from tests.unit.identity.fakes import KEY, IdentityDatabase, IdentityInMemory
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("CQR-03"), pytest.mark.row("SEC-03")]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK = FixedClock(NOW)
ADA = Email("Ada@Example.com")


class Store:
    """Hands out units of work over one database."""

    def __init__(self, table: Table | None = None) -> None:
        self.table = table
        self.database = IdentityDatabase()

    def uow(self) -> IdentityUnitOfWork:
        if self.table is None:
            return IdentityInMemory(self.database, clock=CLOCK)
        return DynamoIdentityUnitOfWork(
            self.table.client, self.table.name, account_key=lambda: KEY, clock=CLOCK
        )

    def event_types(self) -> list[str]:
        if self.table is None:
            return self.database.event_types
        return [item["type"] for item in self.table.events()]


@pytest.fixture(params=["in_memory", "moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def store(engine: str, request: pytest.FixtureRequest) -> Store:
    return Store(None if engine == "in_memory" else request.getfixturevalue("table"))


def a_user(email: Email = ADA) -> User:
    return User.register(new_id(), email=email, name="Ada", role=Role.CUSTOMER, at=NOW)


def added(store: Store, user: User, hashed: str = "hash-1") -> User:
    with store.uow() as uow:
        uow.users.add(user, password_hash=hashed)
        uow.commit()
    return user


def failed(store: Store, times: int, email: Email = ADA) -> LoginThrottle:
    throttle = LoginThrottle("")
    for _ in range(times):
        with store.uow() as uow:
            _, throttle = uow.logins.load(email)
            throttle.count_failure(NOW)
            uow.logins.save(throttle)
            uow.commit()
    return throttle


@pytest.mark.row("VAL-04")
def test_a_user_who_was_added_can_log_in(store: Store) -> None:
    user = added(store, a_user())
    credentials, throttle = store.uow().logins.load(Email("ADA@example.com"))
    assert credentials is not None
    assert (credentials.user_id, credentials.email, credentials.role, credentials.active) == (
        user.id,
        "Ada@example.com",
        "customer",
        True,
    )
    assert credentials.password_hash == "hash-1"
    assert "hash-1" not in repr(credentials)
    assert (throttle.id, throttle.failures, throttle.version) == (account_of(ADA, key=KEY), 0, 0)
    assert user.pending_events == ()


@pytest.mark.row("VAL-04")
def test_an_address_is_taken_once(store: Store) -> None:
    first = added(store, a_user())
    with pytest.raises(EmailTaken):
        added(store, a_user(Email("ADA@EXAMPLE.COM")), "hash-2")
    credentials, _ = store.uow().logins.load(ADA)
    assert credentials is not None
    assert (credentials.user_id, credentials.password_hash) == (first.id, "hash-1")
    assert store.event_types() == ["user.registered"]


def test_nobody_has_no_credentials_but_a_throttle(store: Store) -> None:
    credentials, throttle = store.uow().logins.load(ADA)
    assert credentials is None
    assert throttle.failures == 0


def test_failures_are_kept(store: Store) -> None:
    failed(store, 5)
    _, throttle = store.uow().logins.load(ADA)
    assert (throttle.failures, throttle.last_failed_at) == (5, NOW)
    assert throttle.locked_until == NOW + timedelta(seconds=30)
    assert throttle.version == 6
    assert store.event_types() == [*["user.login_failed"] * 5, "user.login_locked_out"]


def test_of_two_failures_at_once_one_is_counted_and_the_other_retried(store: Store) -> None:
    with store.uow() as slow:
        _, throttle = slow.logins.load(ADA)
        failed(store, 1)
        throttle.count_failure(NOW)
        slow.logins.save(throttle)
        with pytest.raises(StaleAggregate):
            slow.commit()
    assert store.event_types() == ["user.login_failed"]


@pytest.mark.parametrize("before", [0, 1])
def test_a_success_holds_only_while_nothing_else_was_counted(store: Store, before: int) -> None:
    added(store, a_user())
    failed(store, before)
    with store.uow() as uow:
        _, throttle = uow.logins.load(ADA)
        uow.logins.save(throttle)
        uow.commit()
    with store.uow() as slow:
        _, throttle = slow.logins.load(ADA)
        failed(store, 1)
        slow.logins.save(throttle)
        with pytest.raises(StaleAggregate):
            slow.commit()


def test_a_hash_is_replaced_unless_the_password_was_changed_meanwhile(store: Store) -> None:
    added(store, a_user())
    before, throttle = store.uow().logins.load(ADA)
    assert before is not None
    with store.uow() as uow:
        uow.logins.save(throttle)
        uow.logins.rehash(before, "hash-2")
        uow.commit()
    with store.uow() as slow:
        slow.logins.rehash(before, "hash-3")
        with pytest.raises(StaleAggregate):
            slow.commit()
    after, _ = store.uow().logins.load(ADA)
    assert after is not None
    assert after.password_hash == "hash-2"
    assert store.event_types() == ["user.registered"]


def test_leaving_without_a_commit_writes_nothing(store: Store) -> None:
    with store.uow() as uow:
        uow.users.add(a_user(), password_hash="hash-1")
    assert store.uow().logins.load(ADA)[0] is None
    assert store.event_types() == []


class TestOnDynamo:
    """What only a table has."""

    @pytest.fixture(params=["moto", DYNAMODB_LOCAL])
    def engine(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name

    def test_a_profile_is_one_read_and_never_the_hash(self, store: Store) -> None:
        assert store.table is not None
        user = added(store, a_user())
        profiles = DynamoProfileReader(store.table.client, store.table.name)
        with counted_calls() as calls:
            found = profiles.find(user.id)
        assert calls.dynamodb == {"GetItem": 1}
        assert found == Profile(
            user_id=user.id,
            email="Ada@example.com",
            name="Ada",
            entitlements=Entitlements.of(["customer"]),
            active=True,
            created_at=NOW,
            version=1,
        )
        assert profiles.find(new_id()) is None

    def test_a_log_in_reads_both_items_at_once(self, store: Store) -> None:
        added(store, a_user())
        with counted_calls() as calls:
            store.uow().logins.load(ADA)
        assert calls.dynamodb == {"BatchGetItem": 1}
