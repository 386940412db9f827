from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.adapters.device_tokens import DeviceTokens
from shared.identity.domain.access import ACCESS_SECONDS
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import AccountDeactivated, InvalidCredentials
from shared.identity.domain.login_throttle import FREE_FAILURES
from shared.identity.domain.password import Password
from shared.identity.use_cases.log_in import LoggedIn, LogIn, LogInHandler
from shared.identity.use_cases.register_user import (
    RegisteredUser,
    RegisterUser,
    RegisterUserHandler,
)
from shared.kernel.clock import FixedClock
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate, TooManyAttempts
from shared.kernel.ids import new_id
from shared.platform.runtime.context import Idempotency, request_context
from tests.unit.identity.fakes import DEVICES, KEY, IdentityDatabase, IdentityInMemory, PlainHasher

pytestmark = [pytest.mark.row("SEC-01"), pytest.mark.row("SEC-03")]
PASSWORD = "seven quiet otters at dusk"


class House:
    """One registered user and a door."""

    def __init__(self) -> None:
        self.clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.database = IdentityDatabase()
        self.hasher = PlainHasher()
        self.user = self.register("Ada@Example.com", "Ada")
        self.database.events.clear()

    def register(self, email: str, name: str, role: Role = Role.CUSTOMER) -> RegisteredUser:
        handler = RegisterUserHandler(
            uow=self.uow(),
            hasher=self.hasher,
            common_passwords=set(),
            clock=self.clock,
            ids=new_id,
        )
        return handler(
            RegisterUser(email=Email(email), name=name, password=Password(PASSWORD), role=role)
        )

    def uow(self) -> IdentityInMemory:
        return IdentityInMemory(self.database, clock=self.clock)

    def log_in(
        self,
        password: str = PASSWORD,
        *,
        email: str = "ada@example.com",
        device: str | None = None,
    ) -> LoggedIn:
        handler = LogInHandler(
            uow=self.uow(), hasher=self.hasher, clock=self.clock, ids=new_id, devices=DEVICES
        )
        command = LogIn(email=Email(email), password=Password(password), device_token=device)
        return handler(command)

    def fail(
        self, times: int, *, email: str = "ada@example.com", device: str | None = None
    ) -> None:
        for _ in range(times):
            with pytest.raises(InvalidCredentials):
                self.log_in("wrong", email=email, device=device)


@pytest.fixture
def house() -> House:
    return House()


def test_the_right_password_opens_a_session(house: House) -> None:
    session = house.log_in()
    assert (session.user_id, session.email, session.role) == (
        house.user.user_id,
        "Ada@example.com",
        "customer",
    )
    assert session.expires_in == ACCESS_SECONDS
    access = session.access
    assert access.issued_at == int(house.clock.now().timestamp())
    assert access.expires_at - access.issued_at == ACCESS_SECONDS
    assert house.database.event_types == ["session.started"]


def test_every_log_in_is_a_session_of_its_own(house: House) -> None:
    first, second = house.log_in(), house.log_in()
    assert first.session_id != second.session_id
    assert first.token_id != second.token_id


def test_a_wrong_password_is_counted_and_committed(house: House) -> None:
    house.fail(1)
    assert house.database.event_types == ["user.login_failed"]


def test_an_unknown_address_costs_the_same_work_and_counts_the_same(house: House) -> None:
    house.fail(1)
    house.fail(1, email="nobody@example.com")
    assert len(house.hasher.verified) == 2
    assert house.hasher.verified[1] is None
    assert house.database.event_types == ["user.login_failed"] * 2


def test_an_unknown_address_is_locked_out_like_any_other(house: House) -> None:
    house.fail(FREE_FAILURES + 1, email="nobody@example.com")
    with pytest.raises(TooManyAttempts):
        house.log_in(email="nobody@example.com")
    house.log_in()


def test_who_is_deactivated_is_told_for_the_right_password_alone(house: House) -> None:
    card = house.database.cards["ada@example.com"]
    house.database.cards["ada@example.com"] = replace(card, active=False)
    with pytest.raises(InvalidCredentials, match="e-mail address or the password is wrong"):
        house.log_in("wrong")
    with pytest.raises(AccountDeactivated):
        house.log_in()
    assert house.database.event_types == ["user.login_failed", "user.login_recovered"]
    assert house.database.rights[house.user.user_id].sessions == {}


def test_while_locked_out_even_the_right_password_is_not_looked_at(house: House) -> None:
    house.fail(FREE_FAILURES + 1)
    looked = len(house.hasher.verified)
    with pytest.raises(TooManyAttempts) as refused:
        house.log_in()
    assert refused.value.retry_after_seconds == 30
    assert len(house.hasher.verified) == looked
    house.clock.advance(timedelta(seconds=30))
    house.log_in()
    assert house.database.event_types[-2:] == ["user.login_recovered", "session.started"]
    house.fail(FREE_FAILURES)


def test_a_refusal_is_not_remembered_for_its_idempotency_key(house: House) -> None:
    request = Idempotency(principal="anonymous", route="POST /login", key="k", fingerprint="f")
    with request_context(idempotency=request):
        house.fail(1)
        assert house.database.answers == {}
        house.log_in()
    assert len(house.database.answers) == 1


def test_what_is_remembered_is_neither_password_nor_token(house: House) -> None:
    request = Idempotency(principal="anonymous", route="POST /login", key="k", fingerprint="f")
    with request_context(idempotency=request):
        session = house.log_in()
    ((_, remembered, _),) = house.database.answers.values()
    assert LoggedIn.from_data(remembered) == session
    assert not any("password" in name or name == "access_token" for name in remembered)


def test_a_right_guess_counts_only_if_no_other_was_counted_meanwhile(house: House) -> None:
    racing = house.uow()
    with racing as uow:
        _, throttle = uow.logins.load(Email("ada@example.com"))
        house.fail(1)
        uow.logins.save(throttle)
        throttle.count_failure(house.clock.now())
        uow.logins.save(throttle)
        with pytest.raises(StaleAggregate):
            uow.commit()


@pytest.mark.row("SEC-03")
def test_an_outdated_hash_is_made_anew(house: House) -> None:
    house.hasher.parameters = "v2"
    house.log_in()
    assert house.database.cards["ada@example.com"].password_hash.startswith("v2:")
    assert house.database.event_types == ["session.started"]
    house.log_in()


def test_a_wrong_password_does_not_touch_an_outdated_hash(house: House) -> None:
    house.hasher.parameters = "v2"
    house.fail(1)
    assert house.database.cards["ada@example.com"].password_hash.startswith("v1:")


def token_of(session: LoggedIn) -> str:
    return DEVICES.sign(session.device_id, email=session.email, issued_at=session.issued_at)


@pytest.mark.row("SEC-03")
def test_who_guesses_locks_out_strangers_and_not_a_known_device(house: House) -> None:
    known = token_of(house.log_in())
    house.fail(FREE_FAILURES + 1)
    with pytest.raises(TooManyAttempts):
        house.log_in()
    again = house.log_in(device=known)
    assert token_of(again).partition(".")[0] == known.partition(".")[0]
    with pytest.raises(TooManyAttempts):  # a success there tells nothing of the strangers
        house.log_in()


@pytest.mark.row("SEC-03")
def test_a_known_device_has_guesses_of_its_own_and_no_more(house: House) -> None:
    known = token_of(house.log_in())
    house.fail(FREE_FAILURES + 1, device=known)
    with pytest.raises(TooManyAttempts):
        house.log_in(device=known)
    other = token_of(house.log_in())
    assert house.log_in(device=other).user_id == house.user.user_id


@pytest.mark.row("SEC-03")
def test_a_device_token_is_good_for_one_account_for_its_time_and_unchanged(house: House) -> None:
    session = house.log_in()
    known = token_of(session)
    device, ends, tag = known.split(".")
    later = int(ends) + 1
    foreign = DEVICES.sign(session.device_id, email="eve@example.com", issued_at=0)
    for text in (
        "",
        "x",
        known + "x",
        f"{device}.{later}.{tag}",
        f"{new_id()}.{ends}.{tag}",
        f"{device}.{ends}.{'0' * 64}",
        DEVICES.sign(session.device_id, email=session.email, issued_at=0),
        foreign,
        None,
    ):
        assert DEVICES.device(text, email=Email(session.email), now=house.clock.now()) is None
    assert DEVICES.device(known, email=Email("ADA@example.com"), now=house.clock.now()) == device
    rotated = DeviceTokens(lambda: ["new", KEY])
    assert rotated.device(known, email=Email(session.email), now=house.clock.now()) == device
    forgotten = DeviceTokens(lambda: ["newer", "new"])
    assert forgotten.device(known, email=Email(session.email), now=house.clock.now()) is None
    house.fail(FREE_FAILURES + 1)
    with pytest.raises(TooManyAttempts):
        house.log_in(device=foreign)


def test_what_an_earlier_release_has_remembered_of_a_log_in_is_read() -> None:
    old = {
        name: value
        for name, value in House().log_in().to_data().items()
        if name not in ("device_id", "session_ends_at", "generation")
    }
    assert LoggedIn.from_data(old).device_id == ""
