"""Identity's ports in memory."""

import copy
from dataclasses import dataclass, field, replace

from shared.identity.adapters.device_tokens import DeviceTokens
from shared.identity.domain.access import Access, Credentials
from shared.identity.domain.errors import EmailTaken, InvalidAccessToken
from shared.identity.domain.login_throttle import LoginThrottle, account_of, throttle_id
from shared.identity.domain.password import Password
from shared.identity.domain.user import User
from shared.identity.ports import Profile
from shared.kernel.commands import CommandResult
from shared.kernel.email import Email
from shared.kernel.errors import StaleAggregate
from tests.support.fakes.database import Database, Saved
from tests.support.fakes.repository import InMemoryRepository
from tests.support.fakes.unit_of_work import InMemoryUnitOfWork

KEY = "k" * 64
DEVICES = DeviceTokens(lambda: [KEY])


@dataclass
class IdentityDatabase(Database):
    """What has been committed, the log-in cards by e-mail included."""

    cards: dict[str, Credentials] = field(default_factory=dict)


class IdentityInMemory(InMemoryUnitOfWork):
    """Identity's unit of work."""

    database: IdentityDatabase

    def __init__(self, database: IdentityDatabase | None = None, **known: object) -> None:
        super().__init__(database or IdentityDatabase(), **known)  # type: ignore[arg-type]
        self.users = InMemoryUsers(self)
        self.logins = InMemoryLogins(self)

    def commit(self, result: CommandResult | None = None) -> None:
        for old, _ in self.logins.rehashed:
            if self.database.cards[Email(old.email).key] != old:
                raise StaleAggregate("The password was changed by somebody else.")
        super().commit(result)
        for card in [*self.users.added, *(new for _, new in self.logins.rehashed)]:
            self.database.cards[Email(card.email).key] = card
        self.users.added.clear()
        self.logins.rehashed.clear()


class InMemoryUsers:
    """Users, each with its log-in card."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._users = InMemoryRepository(
            uow, User, claims=lambda user: {("EMAIL", user.email.key): _taken}
        )
        self.added: list[Credentials] = []

    def add(self, user: User, *, password_hash: str) -> None:
        self._users.save(user)
        self.added = [
            Credentials(
                user_id=user.id,
                email=user.email.address,
                role=user.role.value,
                active=user.active,
                password_hash=password_hash,
            )
        ]


class InMemoryLogins:
    """Log-in cards and throttles."""

    def __init__(self, uow: IdentityInMemory) -> None:
        self._uow = uow
        self._throttles = InMemoryRepository(uow, LoginThrottle)
        self.rehashed: list[tuple[Credentials, Credentials]] = []

    def load(
        self, email: Email, *, device: str | None = None
    ) -> tuple[Credentials | None, LoginThrottle]:
        account = throttle_id(account_of(email, key=KEY), device)
        throttle = self._throttles.find(account) or LoginThrottle(account)
        return self._uow.database.cards.get(email.key), throttle

    def save(self, throttle: LoginThrottle) -> None:
        # Registered even when nothing happened: the commit then still checks its version.
        self._uow.register(Saved(throttle, copy.deepcopy(throttle), {}, frozenset()))

    def rehash(self, credentials: Credentials, password_hash: str) -> None:
        self.rehashed = [(credentials, replace(credentials, password_hash=password_hash))]


def _taken() -> Exception:
    return EmailTaken()


class PlainHasher:
    """Hashes nothing, and keeps the books on what it was asked to do."""

    def __init__(self, parameters: str = "v1") -> None:
        self.parameters = parameters
        self.verified: list[str | None] = []

    def hash(self, password: Password) -> str:
        return f"{self.parameters}:{password.text[::-1]}"

    def verify(self, password: Password, password_hash: str | None) -> bool:
        self.verified.append(password_hash)
        known = (password_hash or "").partition(":")[2]
        return password_hash is not None and known == password.text[::-1]

    def is_outdated(self, password_hash: str) -> bool:
        return not password_hash.startswith(f"{self.parameters}:")


class PlainTokens:
    """Tokens that are their access, in a dict."""

    def __init__(self) -> None:
        self.issued: dict[str, Access] = {}

    def sign(self, access: Access) -> str:
        self.issued[access.token_id] = access
        return access.token_id

    def verify(self, token: str) -> Access:
        if token not in self.issued:
            raise InvalidAccessToken("malformed")
        return self.issued[token]


class ProfilesInMemory(dict[str, Profile]):
    """Profiles by user id."""

    def find(self, user_id: str) -> Profile | None:
        return self.get(user_id)
