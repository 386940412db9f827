"""Another password: who may give it, how often one may guess, and what ends by it."""

from dataclasses import replace

import pytest

from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.errors import (
    InvalidAccessToken,
    InvalidCredentials,
    WeakPassword,
    WrongPassword,
)
from shared.identity.domain.login_throttle import FIRST_LOCK, FREE_FAILURES
from shared.identity.domain.password import Password
from shared.identity.domain.session import LONGEST
from shared.identity.use_cases.change_password import (
    ChangedPassword,
    ChangePassword,
    ChangePasswordHandler,
)
from shared.kernel.commands import CommandResult
from shared.kernel.errors import StaleAggregate, TooManyAttempts
from tests.unit.identity.fakes import DEVICES, IdentityInMemory
from tests.unit.identity.test_log_in import PASSWORD, House, token_of

pytestmark = pytest.mark.row("SEC-03")
NEW = "nine patient herons by the mill"


class Changing(House):
    """A house whose lock can be changed."""

    def change(  # what a test leaves out is right
        self,
        session_id: str,
        *,
        current: str = PASSWORD,
        new: str = NEW,
        device: str | None = None,
        uow: IdentityInMemory | None = None,
    ) -> ChangedPassword:
        handler = ChangePasswordHandler(
            uow=uow or self.uow(),
            hasher=self.hasher,
            common_passwords={"password"},
            devices=DEVICES,
            clock=self.clock,
        )
        return handler(
            ChangePassword(
                user_id=self.user.user_id,
                session_id=session_id,
                current_password=Password(current),
                new_password=Password(new),
                device_token=device,
            )
        )

    @property
    def going_on(self) -> set[str]:
        return set(self.database.rights[self.user.user_id].sessions)


@pytest.fixture
def house() -> Changing:
    return Changing()


def test_the_new_password_logs_in_and_the_old_one_does_not(house: Changing) -> None:
    session = house.log_in()
    house.change(session.session_id)
    with pytest.raises(InvalidCredentials):
        house.log_in()
    assert house.log_in(NEW).user_id == house.user.user_id


def test_every_other_session_ends_and_the_own_one_goes_on(house: Changing) -> None:
    others = {house.log_in().session_id for _ in range(3)}
    mine = house.log_in().session_id
    house.database.events.clear()
    assert house.change(mine).sessions_ended == 3
    assert house.going_on == {mine}
    changed, *ended = house.database.events
    assert (changed.type, changed.data) == (
        "user.password_changed",
        {"user_id": house.user.user_id},
    )
    assert {each.aggregate_id for each in ended} == others
    assert {(each.type, each.data["reason"]) for each in ended} == {
        ("session.ended", "password_changed")
    }


def test_sessions_that_are_over_go_without_a_word(house: Changing) -> None:
    house.log_in()
    house.clock.advance(LONGEST)
    mine = house.log_in().session_id
    assert house.change(mine).sessions_ended == 0
    assert house.going_on == {mine}


def test_a_wrong_password_changes_nothing_and_counts_as_a_failed_log_in(house: Changing) -> None:
    mine = house.log_in().session_id
    card = house.database.cards["ada@example.com"]
    with pytest.raises(WrongPassword) as refused:
        house.change(mine, current="wrong")
    assert [each["loc"] for each in refused.value.errors] == [("current_password",)]
    assert house.database.event_types[-1] == "user.login_failed"
    assert house.database.cards["ada@example.com"] == card


def test_a_stolen_token_does_not_guess_freely(house: Changing) -> None:
    stolen = house.log_in().session_id
    for _ in range(FREE_FAILURES + 1):
        with pytest.raises(WrongPassword):
            house.change(stolen, current="wrong")
    looked_at = len(house.hasher.verified)
    with pytest.raises(TooManyAttempts):
        house.change(stolen)
    with pytest.raises(TooManyAttempts):
        house.log_in()
    assert len(house.hasher.verified) == looked_at
    house.clock.advance(FIRST_LOCK)
    house.change(stolen)


def test_strangers_who_guess_lock_no_known_device_out(house: Changing) -> None:
    session = house.log_in()
    house.fail(FREE_FAILURES + 1)
    house.change(session.session_id, device=token_of(session))


def test_a_weak_password_is_said_at_its_field_and_is_no_guess(house: Changing) -> None:
    mine = house.log_in().session_id
    before = len(house.hasher.verified)
    for weak in ("short", "password password", "ada@example.com 12"):
        with pytest.raises(WeakPassword) as refused:
            house.change(mine, new=weak)
        assert [each["loc"] for each in refused.value.errors] == [("new_password",)]
    assert len(house.hasher.verified) == before


def test_a_session_that_has_ended_changes_nothing(house: Changing) -> None:
    with pytest.raises(InvalidAccessToken):
        house.change("of-yesterday")


def test_what_began_or_ended_meanwhile_is_looked_at_again(house: Changing) -> None:
    mine = house.log_in().session_id

    class Interrupted(IdentityInMemory):
        def commit(self, result: CommandResult | None = None) -> None:
            late = house.log_in()
            assert late.session_id in house.going_on
            super().commit(result)

    with pytest.raises(StaleAggregate):
        house.change(mine, uow=Interrupted(house.database, clock=house.clock))
    assert house.database.cards["ada@example.com"].version == 0
    assert house.change(mine).sessions_ended == 1


def test_the_change_is_counted_in_card_and_rights(house: Changing) -> None:
    mine = house.log_in().session_id
    house.change(mine)
    house.change(mine, current=NEW, new=PASSWORD)
    rights = house.database.rights[house.user.user_id]
    assert rights.credentials == house.database.cards["ada@example.com"].version == 2
    assert rights == replace(rights, active=True, entitlements=Entitlements.of(["customer"]))
