"""API keys: how they are written, forged, judged, made and revoked."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.domain.api_key import MOST_EVER, RevokeReason, revoke_all
from shared.identity.domain.base62 import from_base62, to_base62
from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.errors import (
    ApiKeyNotFound,
    InvalidAccessToken,
    InvalidApiKey,
    TooManyApiKeys,
)
from shared.identity.domain.key_text import NewSecret, key_id, owner_and_number
from shared.identity.domain.live_key import LiveKey
from shared.identity.domain.rights import Rights
from shared.identity.queries.identify_caller import IdentifyCaller, IdentifyCallerHandler
from shared.identity.use_cases.create_api_key import (
    CreateApiKey,
    CreateApiKeyHandler,
    CreatedApiKey,
)
from shared.identity.use_cases.revoke_api_key import RevokeApiKey, RevokeApiKeyHandler
from shared.kernel.clock import FixedClock
from shared.kernel.errors import PermissionDenied
from shared.kernel.ids import uuid7
from shared.platform.runtime.settings import Environment
from tests.unit.identity.fakes import (
    IdentityDatabase,
    IdentityInMemory,
    PlainTokens,
    RightsInMemory,
)
from tools.check.project import ROOT

pytestmark = pytest.mark.row("SEC-04")
ADA, BOB = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HELD = frozenset({"order:read", "order:place"})
SECRET = NewSecret(prefix="tw_test", randomness=bytes(range(32)))
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
KEYS = EnvironmentKeys(Environment.TEST, randomness=lambda size: bytes(range(size)))


def digits(number: int, width: int) -> str:
    """Write *number* as the format says, by another way than the product's."""
    powers = [62**place for place in reversed(range(width))]
    return "".join(DIGITS[number // power % 62] for power in powers)


def summed(text: str) -> str:
    """Return *text* with the checksum that belongs to it."""
    return text + digits(crc32(text.encode()), 6)


def test_a_key_is_written_as_documented() -> None:
    owner = digits(0x0190A000_0000_7000_8000_000000000001, 22)
    id_ = owner + digits(7, 3)
    whole = summed(f"tw_test_{id_}_{digits(int.from_bytes(bytes(range(32))), 43)}")
    assert key_id(ADA, 7) == id_
    assert SECRET.written(id_) == whole
    assert SECRET.digest(id_) == sha256(whole.encode()).digest()[:16]
    assert whole not in repr(SECRET)
    claimed = KEYS.read(whole)
    assert (claimed.user_id, claimed.number, claimed.id) == (ADA, 7, id_)
    assert len(whole) == 8 + 25 + 1 + 43 + 6


@pytest.mark.parametrize(
    ("environment", "prefix"),
    [
        (Environment.PRODUCTION, "tw_live_"),
        (Environment.STAGING, "tw_test_"),
        (Environment.DEV, "tw_test_"),
    ],
)
def test_production_says_so_and_takes_no_others(environment: Environment, prefix: str) -> None:
    keys = EnvironmentKeys(environment)
    text = keys.draw().written(key_id(ADA, 1))
    assert text.startswith(prefix)
    assert keys.read(text).user_id == ADA
    other = Environment.DEV if environment is Environment.PRODUCTION else Environment.PRODUCTION
    with pytest.raises(InvalidApiKey, match="not valid") as refused:
        EnvironmentKeys(other).read(text)
    assert refused.value.reason == "wrong_environment"


def test_secrets_are_256_random_bits_each_time() -> None:
    keys = EnvironmentKeys(Environment.TEST)
    drawn = {keys.draw().randomness for _ in range(100)}
    assert len(drawn) == 100
    assert {len(each) for each in drawn} == {32}


@given(st.integers(0, 2**256 - 1), st.binary(min_size=10, max_size=10), st.integers(1, MOST_EVER))
def test_every_key_is_read_as_what_it_is(secret: int, randomness: bytes, number: int) -> None:
    user = uuid7(1_700_000_000_000, randomness)
    made = NewSecret(prefix="tw_test", randomness=secret.to_bytes(32))
    id_ = key_id(user, number)
    claimed = KEYS.read(made.written(id_))
    assert (claimed.user_id, claimed.number) == (user, number)
    assert claimed.digest == made.digest(id_)


@given(st.integers(0, 62**5 - 1))
def test_digits_are_there_and_back(number: int) -> None:
    assert to_base62(number, width=5) == digits(number, 5)
    assert from_base62(to_base62(number, width=5)) == number


def test_what_takes_more_digits_is_no_number_of_fewer() -> None:
    with pytest.raises(OverflowError):
        to_base62(62**3, width=3)


def forgeries(key: str) -> Iterator[tuple[str, str]]:
    """Yield what somebody might try who has seen *key*, and what it is refused for."""
    yield "", "malformed"
    yield key[:-1], "malformed"
    yield f"{key}0", "malformed"
    yield f" {key}", "malformed"
    yield f"{key}\n", "malformed"
    yield key.replace("_", "-"), "malformed"
    yield key.upper(), "malformed"
    yield f"{key},{key}", "malformed"
    yield key.replace("tw_test", "tw_prod"), "malformed"
    yield key.replace("tw_test", "tw_live"), "wrong_environment"
    yield f"tw_test_{'é' * 25}_{'0' * 49}", "malformed"
    yield f"tw_test_{'٣' * 25}_{'0' * 49}", "malformed"  # digits, and not ours
    yield f"{key[:-6]}{'0' * 6}", "bad_checksum"
    head, id_, tail = key[:7], key[8:33], key[34:-6]
    yield f"{head}_{id_}_{tail[::-1]}{key[-6:]}", "bad_checksum"
    for place in range(8, len(key)):  # one character wrong, anywhere
        if key[place] != "_":
            other = "1" if key[place] == "0" else "0"
            yield key[:place] + other + key[place + 1 :], "bad_checksum"
    # With a checksum that is right: anybody can work that out.
    yield summed(f"{head}_{'z' * 25}_{tail}"), "malformed"  # more than 128 bits
    yield summed(f"{head}_{'0' * 25}_{tail}"), "malformed"  # no id of ours
    yield summed(f"{head}_{digits(int(ADA.replace('-', ''), 16), 22)}000_{tail}"), "malformed"
    yield summed(f"{head}_{id_}_{tail[::-1]}"), "unknown_key"
    yield summed(f"{head}_{id_}_{'0' * 43}"), "unknown_key"
    yield summed(f"{head}_{id_}_{'z' * 43}"), "unknown_key"
    yield summed(f"{head}_{key_id(ADA, 2)}_{tail}"), "unknown_key"  # another of theirs
    yield summed(f"{head}_{key_id(ADA, 99)}_{tail}"), "unknown_key"
    yield summed(f"{head}_{key_id(BOB, 1)}_{tail}"), "unknown_key"  # another's, same number
    yield (
        summed(f"{head}_{key_id('0190a000-0000-7000-8000-0000000000ee', 1)}_{tail}"),
        ("unknown_key"),
    )


def live(number: int, user: str = ADA, **known: Any) -> LiveKey:
    secret = replace(SECRET, randomness=bytes([number]) * 32) if number > 1 else SECRET
    of_it = LiveKey(digest=secret.digest(key_id(user, number)), scopes=("order:read",))
    return replace(of_it, **known)


def rights(user: str = ADA, **changed: Any) -> Rights:
    known = Rights(
        user_id=user,
        active=True,
        entitlements=Entitlements.of(["customer"]),
        sessions={},
        keys={1: live(1, user), 2: live(2, user)},
        keys_made=2,
    )
    return replace(known, **changed)


class Counted(RightsInMemory):
    """Rights that count the reads."""

    reads = 0

    def find(self, user_id: str) -> Rights | None:
        self.reads += 1
        return super().find(user_id)


def identifying(*known: Rights, at: datetime = NOW) -> tuple[IdentifyCallerHandler, Counted]:
    users = Counted({each.user_id: each for each in known})
    handler = IdentifyCallerHandler(
        tokens=PlainTokens(), keys=KEYS, rights=users, clock=FixedClock(at)
    )
    return handler, users


def judged(text: str, *known: Rights, at: datetime = NOW) -> str:
    """Return the reason for which *text* is refused."""
    handler, _ = identifying(*known, at=at)
    with pytest.raises(InvalidApiKey) as refused:
        handler(IdentifyCaller(token=text, is_api_key=True))
    return refused.value.reason


def test_no_forgery_is_taken_and_only_what_may_be_one_costs_a_read() -> None:
    key = SECRET.written(key_id(ADA, 1))
    bob = rights(BOB, keys={1: live(3, BOB)})
    handler, users = identifying(rights(), bob)
    assert handler(IdentifyCaller(token=key, is_api_key=True))["user_id"] == ADA
    assert users.reads == 1
    tried = list(forgeries(key))
    assert len(tried) > 90
    for text, reason in tried:
        users.reads = 0
        with pytest.raises(InvalidApiKey) as refused:
            handler(IdentifyCaller(token=text, is_api_key=True))
        assert refused.value.reason == reason, text
        assert users.reads == (1 if reason == "unknown_key" else 0), text


def test_who_is_asked_for_is_as_of_this_moment() -> None:
    key = SECRET.written(key_id(ADA, 1))
    ends = NOW + timedelta(hours=1)
    ending = rights(keys={1: live(1, ends_at=ends)})
    handler, _ = identifying(ending, at=ends - timedelta(milliseconds=1))
    assert handler(IdentifyCaller(token=key, is_api_key=True))["scopes"] == "order:read"
    assert judged(key, ending, at=ends) == "expired"
    assert judged(key, rights(active=False)) == "deactivated"
    assert judged(key, rights(keys={2: live(2)})) == "unknown_key"
    assert judged(key) == "unknown_key"


def test_who_does_not_have_the_key_learns_nothing_of_its_owner() -> None:
    """Whether somebody is deactivated, and whether a key has expired, is for who has it."""
    guess = summed(f"tw_test_{key_id(ADA, 1)}_{'0' * 43}")
    for known in (rights(), rights(active=False), rights(keys={1: live(1, ends_at=NOW)})):
        assert judged(guess, known) == "unknown_key"


def test_the_scanners_expression_finds_keys_and_nothing_else() -> None:
    """It stands in the documentation; here it is what it says."""
    text = (ROOT / "shared/identity/README.md").read_text("utf-8")
    (expression,) = re.findall(r"`(\\btw_\(\?:live\|test\)_[^`]+)`", text)
    scanner = re.compile(expression)
    keys = [
        EnvironmentKeys(each).draw().written(key_id(ADA, number))
        for each in (Environment.PRODUCTION, Environment.TEST)
        for number in (1, MOST_EVER)
    ]
    assert scanner.findall("\n".join(f'key = "{each}"  # note' for each in keys)) == keys
    for other in (keys[0][:-1], f"{keys[0]}x", keys[0].replace("live", "prod"), f"x{keys[0]}"):
        assert not scanner.findall(other)


# ---- making and revoking ----------------------------------------------------------------------


@pytest.fixture
def database() -> IdentityDatabase:
    return IdentityDatabase(rights={ADA: rights(keys={}, keys_made=0)})


def create(database: IdentityDatabase, **changed: Any) -> CreatedApiKey:
    command = CreateApiKey(
        user_id=ADA,
        held=HELD,
        name="Import",
        scopes=frozenset({"order:read"}),
        lasts=None,
        secret=SECRET,
    )
    handler = CreateApiKeyHandler(uow=IdentityInMemory(database), clock=FixedClock(NOW))
    return handler(replace(command, **changed))


def test_numbers_count_up_and_are_never_given_twice(database: IdentityDatabase) -> None:
    first = create(database)
    handler = RevokeApiKeyHandler(uow=IdentityInMemory(database), clock=FixedClock(NOW))
    handler(RevokeApiKey(user_id=ADA, key_id=first.key_id))
    second = create(database)
    assert owner_and_number(first.key_id) == (ADA, 1)
    assert owner_and_number(second.key_id) == (ADA, 2)
    assert database.rights[ADA].keys.keys() == {2}


def test_nobody_has_more_numbers_than_there_are(database: IdentityDatabase) -> None:
    database.rights[ADA] = rights(keys={}, keys_made=MOST_EVER)
    with pytest.raises(TooManyApiKeys):
        create(database)


@pytest.mark.parametrize(
    ("changed", "needed"),
    [
        ({"scopes": frozenset({"order:admin", "order:read"})}, ["order:admin"]),
        ({"held": frozenset()}, ["order:read"]),
    ],
)
def test_nobody_gives_what_they_have_not(
    database: IdentityDatabase, changed: dict[str, object], needed: list[str]
) -> None:
    with pytest.raises(PermissionDenied) as refused:
        create(database, **changed)
    assert refused.value.details == {"needed": needed}
    assert database.rights[ADA].keys_made == 0


@pytest.mark.parametrize("known", [None, rights(active=False)])
def test_who_was_locked_out_meanwhile_makes_none(
    database: IdentityDatabase, known: Rights | None
) -> None:
    database.rights = {} if known is None else {ADA: known}
    with pytest.raises(InvalidAccessToken):
        create(database)


def test_what_is_remembered_of_it_has_no_secret(database: IdentityDatabase) -> None:
    kept = create(database, lasts=timedelta(days=1)).to_data()
    assert kept == {
        "key_id": key_id(ADA, 1),
        "name": "Import",
        "scopes": ["order:read"],
        "created_at": "2026-01-01T00:00:00.000Z",
        "ends_at": "2026-01-02T00:00:00.000Z",
    }
    assert repr(SECRET.randomness) not in repr(
        CreateApiKey(user_id=ADA, held=HELD, name="", scopes=HELD, lasts=None, secret=SECRET)
    )


def test_a_key_that_is_over_is_not_there_to_be_revoked(database: IdentityDatabase) -> None:
    key = create(database, lasts=timedelta(days=1))
    later = FixedClock(NOW + timedelta(days=1))
    handler = RevokeApiKeyHandler(uow=IdentityInMemory(database), clock=later)
    with pytest.raises(ApiKeyNotFound):
        handler(RevokeApiKey(user_id=ADA, key_id=key.key_id))


def test_all_at_once_are_those_that_are_good() -> None:
    known = rights(keys={1: live(1), 2: live(2, ends_at=NOW), 4: live(4)})
    left, revoked = revoke_all(known, RevokeReason.DEACTIVATED, now=NOW)
    assert (left.keys, [each.number for each in revoked]) == ({}, [1, 4])
