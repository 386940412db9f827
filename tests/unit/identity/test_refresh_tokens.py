"""Refresh tokens: each good once, told from a stolen one, and nothing that can be forged."""

from datetime import timedelta

import pytest

from shared.identity.adapters.refresh_tokens import RefreshTokens as Tokens
from shared.identity.domain.access import Continuation
from shared.identity.domain.errors import (
    InvalidRefreshToken,
    RefreshTokenReused,
)
from shared.identity.domain.session import GRACE, session_of
from shared.identity.use_cases.refresh_tokens import (
    Refreshed,
)
from shared.kernel.errors import StaleAggregate
from shared.kernel.ids import new_id
from tests.unit.identity.fakes import KEY, REFRESH
from tests.unit.identity.test_sessions import Sessions, refused, token

pytestmark = pytest.mark.row("SEC-01")
MOMENT = timedelta(milliseconds=1)
TAG = "26haM9LQygzST8etolRazBrBJAKnXtPvnJ5U7lOOleE"


@pytest.fixture
def house() -> Sessions:
    return Sessions()


def test_a_refresh_token_is_exchanged_for_the_next(house: Sessions) -> None:
    session = house.log_in()
    house.clock.advance(timedelta(hours=3))
    second = house.refresh(token(session))
    third = house.refresh(token(second))
    assert [second.generation, third.generation] == [2, 3]
    assert len({session.token_id, second.token_id, third.token_id}) == 3
    assert second.session_ends_at == session.session_ends_at
    assert second.access.session_id == session.session_id
    assert house.database.event_types == ["session.started"]


def test_a_lost_answer_is_given_again_for_a_while(house: Sessions) -> None:
    session = house.log_in()
    lost = house.refresh(token(session))
    house.clock.advance(GRACE - MOMENT)
    again = [house.refresh(token(session)) for _ in range(30)]
    assert {token(each) for each in again} == {token(lost)}
    assert house.going_on == [session.session_id]


def test_after_that_it_looks_stolen_and_the_session_ends(house: Sessions) -> None:
    session = house.log_in()
    latest = house.refresh(token(session))
    house.clock.advance(GRACE)
    refused(house, token(session), "reused")
    assert house.going_on == []
    assert house.database.event_types == [
        "session.started",
        "security.token_reused",
        "session.ended",
    ]
    assert house.database.events[-1].data["reason"] == "token_reused"
    refused(house, token(latest), "session_ended")
    refused(house, token(session), "session_ended")
    assert len(house.database.events) == 3


def test_a_token_two_before_the_latest_is_never_forgiven(house: Sessions) -> None:
    session = house.log_in()
    house.refresh(token(house.refresh(token(session))))
    with pytest.raises(RefreshTokenReused):
        house.refresh(token(session))
    assert house.going_on == []


def test_a_token_of_the_future_is_none(house: Sessions) -> None:
    """As after a restored backup: whoever has it knows more than we do."""
    session = house.log_in()
    ahead = Continuation(user_id=session.user_id, session_id=session.session_id, generation=9)
    refused(house, REFRESH.sign(ahead), "reused")


def test_only_one_session_ends_for_a_stolen_token(house: Sessions) -> None:
    stolen, other = house.log_in(), house.log_in()
    house.refresh(token(house.refresh(token(stolen))))
    refused(house, token(stolen), "reused")
    assert house.going_on == [other.session_id]
    house.refresh(token(other))


@pytest.mark.parametrize("change", ["user", "session", "generation", "tag", "cut", "more"])
def test_a_token_that_was_changed_is_none_of_ours(house: Sessions, change: str) -> None:
    known, _, tag = token(house.log_in()).rpartition(".")
    prefix, session, generation = known.split(".")
    other = new_id()
    forged = {
        "user": f"twr_{other}.{session}.{generation}.{tag}",
        "session": f"{prefix}.{other}.{generation}.{tag}",
        "generation": f"{prefix}.{session}.2.{tag}",
        "tag": f"{known}.{'A' * 43}",
        "cut": f"{known}.{tag[:-1]}",
        "more": f"{known}.{tag}A",
    }[change]
    with pytest.raises(InvalidRefreshToken):
        house.refresh(forged)
    assert len(house.going_on) == 1


def test_tokens_outlive_one_rotation_of_the_services_secret(house: Sessions) -> None:
    old = token(house.log_in())
    assert Tokens(lambda: ["new", KEY]).read(old).generation == 1
    with pytest.raises(InvalidRefreshToken):
        Tokens(lambda: ["newer", "new"]).read(old)


def test_a_token_that_another_process_signed_with_a_new_secret_is_looked_at_again() -> None:
    now = 1000.0
    read: list[float] = []

    def fresh() -> list[str]:
        read.append(now)
        return ["new", "old"]

    kept = Tokens(lambda: ["old"], fresh=fresh, monotonic=lambda: now)
    content = Continuation(user_id=new_id(), session_id=new_id(), generation=1)
    signed = Tokens(lambda: ["new"]).sign(content)
    assert kept.read(signed) == content
    forged = Tokens(lambda: ["nobody's"]).sign(content)
    for _ in range(5):
        with pytest.raises(InvalidRefreshToken):
            kept.read(forged)
    assert read == [1000.0]
    now += 31
    with pytest.raises(InvalidRefreshToken):
        kept.read(forged)
    assert read == [1000.0, 1031.0]


def test_the_text_of_a_token_is_what_it_was() -> None:
    """Another text would end everybody's session at the next deployment."""
    content = Continuation(
        user_id="0190a000-0000-7000-8000-000000000001",
        session_id="0190a000-0000-7000-8000-000000000002",
        generation=7,
    )
    known = "twr_0190a000-0000-7000-8000-000000000001.0190a000-0000-7000-8000-000000000002.7"
    # printf %s "$known" | openssl dgst -sha256 -hmac refresh:secret -binary | basenc --base64url
    assert Tokens(lambda: ["secret"]).sign(content) == f"{known}.{TAG}"


def test_of_two_refreshes_at_once_one_draws_and_the_other_tries_again(house: Sessions) -> None:
    session = house.log_in()
    slow = house.uow()
    with slow as uow:
        rights = uow.sessions.find(session.user_id)
        assert rights is not None
        house.refresh(token(session))
        mine = session_of(rights, session.session_id, now=house.clock.now())
        assert mine is not None
        assert mine.renew(1, house.clock.now())
        uow.sessions.renew(mine)
        with pytest.raises(StaleAggregate):
            uow.commit()


def test_what_is_remembered_of_a_refresh_is_good_for_as_long_as_it_would_be_anyway() -> None:
    assert Refreshed.remembered_seconds == GRACE.total_seconds()
