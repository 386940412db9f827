"""Who is locked out, what ends by it, and that an administrator is always left."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.identity.adapters.key_secrets import EnvironmentKeys
from shared.identity.domain.account import Account
from shared.identity.domain.entitlements import Role
from shared.identity.domain.errors import (
    AccountDeactivated,
    InvalidRefreshToken,
    LogInSpent,
    NeedsAnotherAdmin,
    UserNotFound,
)
from shared.identity.use_cases.create_api_key import CreateApiKey, CreateApiKeyHandler
from shared.identity.use_cases.deactivate_user import DeactivateUser, DeactivateUserHandler
from shared.identity.use_cases.reactivate_user import ReactivateUser, ReactivateUserHandler
from shared.kernel.errors import PreconditionFailed
from shared.platform.runtime.settings import Environment
from tests.unit.identity.fakes import IdentityInMemory
from tests.unit.identity.test_sessions import Sessions, token

pytestmark = pytest.mark.row("PRM-01")


class Shop(Sessions):
    """Ada, and two administrators."""

    def __init__(self) -> None:
        super().__init__()
        self.root, self.other = (
            self.register(f"{name}@example.com", name, Role.ADMIN).user_id
            for name in ("root", "other")
        )
        self.database.events.clear()

    def deactivate(
        self,
        user_id: str,
        *,
        by: str | None = None,
        versions: frozenset[int] | None = None,
        uow: IdentityInMemory | None = None,
    ) -> Account:
        command = DeactivateUser(user_id=user_id, by=by or self.root, versions=versions)
        return DeactivateUserHandler(uow=uow or self.uow(), clock=self.clock)(command)

    def reactivate(self, user_id: str, *, versions: frozenset[int] | None = None) -> Account:
        command = ReactivateUser(user_id=user_id, versions=versions)
        return ReactivateUserHandler(uow=self.uow())(command)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_all_sessions_end_and_none_begins(shop: Shop) -> None:
    sessions = [shop.log_in(), shop.log_in()]
    shop.database.events.clear()
    assert shop.deactivate(shop.user.user_id).active is False
    first, *ended = shop.database.events
    assert (first.type, first.data) == ("user.deactivated", {"user_id": shop.user.user_id})
    assert {(each.type, each.data["reason"]) for each in ended} == {
        ("session.ended", "deactivated")
    }
    assert {each.aggregate_id for each in ended} == {each.session_id for each in sessions}
    assert shop.database.rights[shop.user.user_id].active is False
    for each in sessions:
        with pytest.raises(InvalidRefreshToken):
            shop.refresh(token(each))
        with pytest.raises(LogInSpent):
            shop.confirm(each)
    with pytest.raises(AccountDeactivated):
        shop.log_in()


@pytest.mark.row("SEC-04")
def test_keys_are_revoked_with_their_owner_and_do_not_come_back(shop: Shop) -> None:
    user = shop.user.user_id
    for lasts in (None, timedelta(hours=1)):
        CreateApiKeyHandler(uow=shop.uow(), clock=shop.clock)(
            CreateApiKey(
                user_id=user,
                held=frozenset(),
                name="Import",
                scopes=frozenset(),
                lasts=lasts,
                secret=EnvironmentKeys(Environment.TEST).draw(),
            )
        )
    shop.database.events.clear()
    shop.deactivate(user)
    shop.reactivate(user)
    told = [(each.type, each.data.get("reason")) for each in shop.database.events]
    assert told == [
        ("user.deactivated", None),
        ("api_key.revoked", "deactivated"),
        ("api_key.revoked", "deactivated"),
        ("user.reactivated", None),
    ]
    rights = shop.database.rights[user]
    assert (rights.active, rights.keys, rights.keys_made) == (True, {}, 2)


def test_who_comes_back_logs_in_anew(shop: Shop) -> None:
    session = shop.log_in()
    shop.deactivate(shop.user.user_id)
    assert shop.reactivate(shop.user.user_id).active is True
    assert shop.database.event_types[-1] == "user.reactivated"
    with pytest.raises(InvalidRefreshToken):
        shop.refresh(token(session))
    assert shop.log_in().user_id == shop.user.user_id


def test_what_is_so_already_is_answered_and_writes_nothing(shop: Shop) -> None:
    first = shop.deactivate(shop.user.user_id)
    events = list(shop.database.events)
    assert shop.deactivate(shop.user.user_id) == first
    assert shop.database.events == events
    again = shop.reactivate(shop.user.user_id)
    assert shop.reactivate(shop.user.user_id) == again


def test_nobody_is_changed_at_another_version(shop: Shop) -> None:
    with pytest.raises(PreconditionFailed):
        shop.deactivate(shop.user.user_id, versions=frozenset({7}))
    assert shop.deactivate(shop.user.user_id, versions=frozenset({1})).version == 2
    with pytest.raises(PreconditionFailed):
        shop.reactivate(shop.user.user_id, versions=frozenset({1}))


def test_who_is_not_there_is_not_found(shop: Shop) -> None:
    for act in (shop.deactivate, shop.reactivate):
        with pytest.raises(UserNotFound):
            act("nobody")


def test_an_administrator_can_be_locked_out_by_another(shop: Shop) -> None:
    assert shop.deactivate(shop.other).active is False


def test_administrators_cannot_lock_themselves_out(shop: Shop) -> None:
    with pytest.raises(NeedsAnotherAdmin):
        shop.deactivate(shop.root)


def test_who_is_no_administrator_any_more_locks_none_out(shop: Shop) -> None:
    """A request that was authorized before its sender was locked out, and comes after."""
    shop.deactivate(shop.other)
    with pytest.raises(NeedsAnotherAdmin):
        shop.deactivate(shop.root, by=shop.other)
    assert shop.database.rights[shop.root].active is True


def test_who_was_granted_it_locks_no_administrator_out(shop: Shop) -> None:
    with pytest.raises(NeedsAnotherAdmin):
        shop.deactivate(shop.other, by=shop.user.user_id)


def test_an_account_from_before_sessions_were_kept_gets_its_rights(shop: Shop) -> None:
    del shop.database.rights[shop.user.user_id]
    shop.deactivate(shop.user.user_id)
    stored = shop.database.rights[shop.user.user_id]
    assert stored == replace(stored, active=False, kept=True, sessions={}, credentials=0)
