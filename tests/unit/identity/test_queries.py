from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.identity.domain.access import Access
from shared.identity.domain.errors import InvalidAccessToken, UserNotFound
from shared.identity.ports import Profile
from shared.identity.queries.get_profile import GetProfile, GetProfileHandler
from shared.identity.queries.identify_caller import IdentifyCaller, IdentifyCallerHandler
from tests.unit.identity.fakes import PlainTokens, ProfilesInMemory

ADA = Profile(
    user_id="u-1",
    email="ada@example.com",
    name="Ada",
    role="customer",
    grants=("order:admin", "payment:admin"),
    active=True,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
ACCESS = Access(user_id="u-1", session_id="s-1", token_id="t-1", issued_at=0, expires_at=900)


@pytest.fixture
def tokens() -> PlainTokens:
    tokens = PlainTokens()
    tokens.sign(ACCESS)
    return tokens


@pytest.mark.row("SEC-02")
def test_a_caller_is_who_they_are_now(tokens: PlainTokens) -> None:
    profiles = ProfilesInMemory({"u-1": replace(ADA, role="admin")})
    identify = IdentifyCallerHandler(tokens=tokens, profiles=profiles)
    assert identify(IdentifyCaller(token="t-1")) == {
        "user_id": "u-1",
        "role": "admin",
        "grants": "order:admin,payment:admin",
        "session_id": "s-1",
    }


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize(
    ("token", "users", "reason"),
    [
        ("t-0", {"u-1": ADA}, "malformed"),
        ("t-1", {}, "unknown_user"),
        ("t-1", {"u-1": replace(ADA, active=False)}, "deactivated"),
    ],
)
def test_anybody_else_is_refused_with_a_reason(
    tokens: PlainTokens, token: str, users: dict[str, Profile], reason: str
) -> None:
    identify = IdentifyCallerHandler(tokens=tokens, profiles=ProfilesInMemory(users))
    with pytest.raises(InvalidAccessToken) as refused:
        identify(IdentifyCaller(token=token))
    assert refused.value.details == {"reason": reason}


@pytest.mark.row("SEC-01")
def test_a_profile_is_found_or_not() -> None:
    get_profile = GetProfileHandler(profiles=ProfilesInMemory({"u-1": ADA}))
    assert get_profile(GetProfile(user_id="u-1")) == ADA
    with pytest.raises(UserNotFound):
        get_profile(GetProfile(user_id="u-2"))
