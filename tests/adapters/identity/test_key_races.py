"""Keys that are made, used and revoked at the same time, on DynamoDB Local."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.domain.api_key import MOST, ApiKey
from shared.identity.domain.errors import (
    ApiKeyNotFound,
    InvalidAccessToken,
    InvalidApiKey,
    TooManyApiKeys,
)
from shared.identity.domain.key_text import NewSecret
from shared.identity.domain.user import Role, User
from shared.identity.queries.identify_caller import IdentifyCaller, IdentifyCallerHandler
from shared.identity.use_cases.create_api_key import (
    CreateApiKey,
    CreateApiKeyHandler,
    CreatedApiKey,
)
from shared.identity.use_cases.revoke_api_key import (
    RevokeApiKey,
    RevokeApiKeyHandler,
    RevokedApiKey,
)
from shared.kernel.errors import StaleAggregate
from shared.platform.entry.commands import retrying
from shared.platform.runtime.settings import Environment
from tests.adapters.identity.test_administration_races import an_account, deactivate
from tests.adapters.identity.test_session_races import CLOCK, new_user, rights, uow
from tests.support.racing import race
from tests.unit.identity.fakes import PlainTokens
from tools.lab.support.tables import Table

pytestmark = [pytest.mark.row("SEC-04")]
KEYS = EnvironmentKeys(Environment.TEST)


@pytest.fixture
def engine(dynamodb_local: str) -> str:
    """A race is run on DynamoDB Local only."""
    return "dynamodb_local"


@pytest.fixture
def user(table: Table) -> User:
    return new_user(table)


def create(
    table: Table, user: User, *, secret: NewSecret | None = None, lasts: timedelta | None = None
) -> CreatedApiKey:
    command = CreateApiKey(
        user_id=user.id,
        held=frozenset({"order:read"}),
        name="Import",
        scopes=frozenset({"order:read"}),
        lasts=lasts,
        secret=secret or KEYS.draw(),
    )
    handler = CreateApiKeyHandler(uow=uow(table), clock=CLOCK)
    return retrying(lambda: handler(command))


def revoke(table: Table, user: User, key_id: str) -> RevokedApiKey:
    handler = RevokeApiKeyHandler(uow=uow(table), clock=CLOCK)
    return retrying(lambda: handler(RevokeApiKey(user_id=user.id, key_id=key_id)))


def used(table: Table, text: str) -> dict[str, str]:
    handler = IdentifyCallerHandler(
        tokens=PlainTokens(), keys=KEYS, rights=uow(table).sessions, clock=CLOCK
    )
    return handler(IdentifyCaller(token=text, is_api_key=True))


def test_the_very_first_keys_of_somebody_at_once(table: Table, user: User) -> None:
    made = race(4, lambda _: create(table, user))
    assert all(isinstance(each, CreatedApiKey) for each in made)
    assert rights(table, user).keys.keys() == {1, 2, 3, 4}


def test_at_the_limit_one_of_two_is_made(table: Table, user: User) -> None:
    for _ in range(MOST - 1):
        create(table, user)
    for _ in range(5):
        made = race(2, lambda _: create(table, user))
        key, lost = sorted(made, key=lambda each: isinstance(each, Exception))
        assert isinstance(key, CreatedApiKey)
        assert isinstance(lost, TooManyApiKeys)
        assert len(rights(table, user).keys) == MOST
        revoke(table, user, key.key_id)


def test_the_limit_holds_without_a_look_at_the_number(table: Table, user: User) -> None:
    """A key that another release has made is counted, whatever it said of the number."""
    for _ in range(MOST):
        create(table, user)
    known = rights(table, user)
    with uow(table) as work:
        fewer = {number: live for number, live in known.keys.items() if number > 1}
        key = ApiKey.create(
            replace(known, keys=fewer),
            secret=KEYS.draw(),
            name="One more",
            scopes=(),
            lasts=None,
            at=CLOCK.now(),
        )
        work.api_keys.add(key, rights=known, over=())
        with pytest.raises(StaleAggregate):
            work.commit()
    assert len(rights(table, user).keys) == MOST


def test_from_its_revocation_on_no_use_succeeds(table: Table, user: User) -> None:
    for _ in range(5):
        secret = KEYS.draw()
        key = create(table, user, secret=secret)
        text = secret.written(key.key_id)
        assert used(table, text)["user_id"] == user.id

        def act(number: int, key_id: str = key.key_id, text: str = text) -> object:
            if number == 0:
                return revoke(table, user, key_id)
            return used(table, text)

        outcomes = race(8, act)
        assert isinstance(outcomes[0], RevokedApiKey)
        assert all(isinstance(each, dict | InvalidApiKey) for each in outcomes[1:])
        with pytest.raises(InvalidApiKey):
            used(table, text)


def test_of_two_who_revoke_one_key_one_has_done_it(table: Table, user: User) -> None:
    key = create(table, user)
    outcomes = race(4, lambda _: revoke(table, user, key.key_id))
    assert [type(each) for each in outcomes].count(RevokedApiKey) == 1
    assert [type(each) for each in outcomes].count(ApiKeyNotFound) == 3


def test_no_key_outlives_its_owners_deactivation(table: Table) -> None:
    admin = an_account(table, "root", Role.ADMIN)
    for number in range(6):
        owner = an_account(table, f"owner{number}", Role.CUSTOMER)
        create(table, owner)

        def act(number: int, owner: User = owner) -> object:
            if number == 0:
                return deactivate(table, owner, by=admin)
            return create(table, owner)

        outcomes = race(3, act)  # DynamoDB Local takes ten writes at once: three keys' end
        assert not isinstance(outcomes[0], Exception)
        kinds = (CreatedApiKey, InvalidAccessToken)
        assert all(isinstance(each, kinds) for each in outcomes[1:])
        assert rights(table, owner).keys == {}
