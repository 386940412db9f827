from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.domain.access import Access
from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.errors import InvalidAccessToken, UserNotFound
from shared.identity.domain.rights import LiveSession, Rights
from shared.identity.ports import Profile
from shared.identity.queries.get_profile import GetProfile, GetProfileHandler
from shared.identity.queries.identify_caller import IdentifyCaller, IdentifyCallerHandler
from shared.kernel.clock import FixedClock
from shared.platform.runtime.settings import Environment
from tests.unit.identity.fakes import PlainTokens, ProfilesInMemory, RightsInMemory

ADA = Profile(
    user_id="u-1",
    email="ada@example.com",
    name="Ada",
    entitlements=Entitlements.of(["customer"], ["order:admin", "payment:admin"]),
    active=True,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    version=1,
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIVE = LiveSession(
    proven_at=NOW, proven_by=("pwd",), renewed_at=NOW, ends_at=NOW + timedelta(days=30)
)
RIGHTS = Rights(user_id="u-1", active=True, entitlements=ADA.entitlements, sessions={"s-1": LIVE})
ACCESS = Access(user_id="u-1", session_id="s-1", token_id="t-1", issued_at=0, expires_at=900)


@pytest.fixture
def tokens() -> PlainTokens:
    tokens = PlainTokens()
    tokens.sign(ACCESS)
    return tokens


@pytest.mark.row("SEC-02")
def test_a_caller_is_who_they_are_now(tokens: PlainTokens) -> None:
    identify = identifying(tokens, {"u-1": RIGHTS})
    assert identify(IdentifyCaller(token="t-1")) == {
        "user_id": "u-1",
        "roles": "customer",
        "grants": "order:admin,payment:admin",
        "restrictions": "",
        "role": "customer",
        "session_id": "s-1",
        "amr": "pwd",
        "login_age": "0",
    }


@pytest.mark.row("SEC-02", "PRM-01")
@pytest.mark.parametrize(
    ("roles", "restrictions"),
    [(["warehouse", "merchandiser"], []), (["merchandiser"], ["product:publish"])],
)
def test_what_one_role_does_not_tell_is_told_without_it(
    tokens: PlainTokens, roles: list[str], restrictions: list[str]
) -> None:
    """A function of a release that reads one role would allow too much, and refuses instead."""
    entitlements = Entitlements.of(roles, ["order:admin"], restrictions)
    identify = identifying(tokens, {"u-1": replace(RIGHTS, entitlements=entitlements)})
    caller = identify(IdentifyCaller(token="t-1"))
    assert "role" not in caller
    assert caller["roles"] == ",".join(roles)
    assert caller["restrictions"] == ",".join(restrictions)


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize(
    ("later", "age"),
    [
        (timedelta(milliseconds=900), "0"),
        (timedelta(minutes=15, milliseconds=999), "900"),
        (timedelta(minutes=15, seconds=1), "901"),
        (timedelta(seconds=-3), "0"),  # by a clock that is behind the one of the log-in
    ],
)
def test_the_age_of_a_log_in_is_in_whole_seconds(
    tokens: PlainTokens, later: timedelta, age: str
) -> None:
    renewed = replace(LIVE, renewed_at=NOW + timedelta(minutes=14), proven_by=("pwd", "otp"))
    identify = identifying(
        tokens, {"u-1": replace(RIGHTS, sessions={"s-1": renewed})}, at=NOW + later
    )
    found = identify(IdentifyCaller(token="t-1"))
    assert (found["login_age"], found["amr"]) == (age, "pwd,otp")


@pytest.mark.row("SEC-01")
def test_a_session_ends_at_the_very_moment_it_says(tokens: PlainTokens) -> None:
    busy = replace(LIVE, renewed_at=LIVE.ends_at - timedelta(minutes=1))
    for live, end in ((LIVE, NOW + timedelta(days=7)), (busy, NOW + timedelta(days=30))):
        users = {"u-1": replace(RIGHTS, sessions={"s-1": live})}
        just_before = end - timedelta(milliseconds=1)
        assert identifying(tokens, users, at=just_before)(IdentifyCaller(token="t-1"))
        with pytest.raises(InvalidAccessToken) as refused:
            identifying(tokens, users, at=end)(IdentifyCaller(token="t-1"))
        assert refused.value.reason == "session_ended"


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize(
    ("token", "users", "reason"),
    [
        ("t-0", {"u-1": RIGHTS}, "malformed"),
        ("t-1", {}, "unknown_user"),
        ("t-1", {"u-1": replace(RIGHTS, active=False)}, "deactivated"),
        ("t-1", {"u-1": replace(RIGHTS, sessions={})}, "session_ended"),
        ("t-1", {"u-1": replace(RIGHTS, sessions={"s-2": LIVE})}, "session_ended"),
    ],
)
def test_anybody_else_is_refused_with_a_reason(
    tokens: PlainTokens, token: str, users: dict[str, Rights], reason: str
) -> None:
    with pytest.raises(InvalidAccessToken) as refused:
        identifying(tokens, users)(IdentifyCaller(token=token))
    assert refused.value.details == {"reason": reason}


def identifying(
    tokens: PlainTokens, users: dict[str, Rights], *, at: datetime = NOW
) -> IdentifyCallerHandler:
    return IdentifyCallerHandler(
        tokens=tokens,
        keys=EnvironmentKeys(Environment.TEST),
        rights=RightsInMemory(users),
        clock=FixedClock(at),
    )


@pytest.mark.row("SEC-01")
def test_a_profile_is_found_or_not() -> None:
    get_profile = GetProfileHandler(profiles=ProfilesInMemory({"u-1": ADA}))
    assert get_profile(GetProfile(user_id="u-1")) == ADA
    with pytest.raises(UserNotFound):
        get_profile(GetProfile(user_id="u-2"))
