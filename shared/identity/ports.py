"""What identity needs from the outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from shared.identity.domain.access import Access, Continuation, Credentials
from shared.identity.domain.entitlements import Entitlements
from shared.identity.domain.login_throttle import LoginThrottle
from shared.identity.domain.password import Password
from shared.identity.domain.user import User
from shared.kernel.email import Email
from shared.kernel.unit_of_work import UnitOfWork

if TYPE_CHECKING:  # few functions have to do with keys or lists, or write sessions
    from shared.identity.domain.api_key import ApiKey
    from shared.identity.domain.key_ring import KeyRing, PublicHalf
    from shared.identity.domain.key_text import ClaimedKey, NewSecret
    from shared.identity.domain.live_key import LiveKey
    from shared.identity.domain.rights import LiveSession, Rights
    from shared.identity.domain.session import Session
    from shared.kernel.paging import Page, PageRequest
    from shared.kernel.specification import Specification


class PasswordHasher(Protocol):
    """Hashes passwords slowly, on purpose."""

    def hash(self, password: Password) -> str:
        """Return a salted hash with its parameters in it."""
        ...

    def verify(self, password: Password, password_hash: str | None) -> bool:
        """Tell whether they belong together; without a hash: the same work, then `False`."""
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with other parameters than today's."""
        ...


class CommonPasswords(Protocol):
    """The passwords that guessing starts with."""

    def __contains__(self, word: str, /) -> bool: ...


class UserRepository(Protocol):
    """The users."""

    def add(self, user: User, *, password_hash: str) -> None:
        """Have a new user committed, able to log in; commit raises `EmailTaken`."""
        ...

    def get(self, user_id: str) -> User:
        """Return the user as of now; `UserNotFound` where there is none."""
        ...

    def load(self, user_id: str) -> "tuple[User, Rights]":
        """Return the user with their rights as of now: one consistent read.

        `UserNotFound` where there is none.
        """
        ...

    def save(self, user: User) -> None:
        """Have the user's change committed, if nobody else has changed them since."""
        ...

    def save_rights(self, user: User, before: "Rights") -> None:
        """… with what they may do from then on, in whichever sessions."""
        ...


class LoginRepository(Protocol):
    """What a log-in reads and changes."""

    def load(
        self, email: Email, *, device: str | None = None
    ) -> tuple[Credentials | None, LoginThrottle]:
        """Return the credentials for *email*, if any, and its throttle: one consistent read.

        The throttle of *device*, where that is a known one, and else of all others.
        """
        ...

    def save(self, throttle: LoginThrottle) -> None:
        """Commit the throttle's change, if any, and only if nothing else was counted since.

        Without that a thousand guesses at once would all be checked against the same count.
        """
        ...

    def rehash(self, credentials: Credentials, password_hash: str) -> None:
        """Replace the hash of the same password; nothing has happened that is worth an event."""
        ...

    def let_in(self, user: User) -> None:
        """Have it committed with the log-in whether *user* is active, and the role it shows."""
        ...

    def replace_password(self, credentials: Credentials, password_hash: str) -> Credentials:
        """Have another password's hash committed, and return what is proven by that from then on.

        Only if it is still the password of *credentials* that is replaced.
        """
        ...


class RightsReader(Protocol):
    """What users may do."""

    def find(self, user_id: str) -> "Rights | None":
        """Return the rights as of now, or ``None`` for nobody: one consistent read."""
        ...


class SessionRepository(RightsReader, Protocol):
    """Sessions, which lie in the rights of their users."""

    def start(
        self,
        session: "Session",
        *,
        proven: Credentials,
        instead_of: "Sequence[Session]" = (),
        over: "Sequence[str]" = (),
    ) -> None:
        """Have a new session committed, in the place of those that it replaces or that are over.

        Commit raises `NoRoomForSession` where there are too many, or where what was *proven* is
        no longer what the user logs in with.
        """
        ...

    def start_first(self, session: "Session", *, user: User) -> None:
        """Have *session* committed with the rights of *user*, who has none yet."""
        ...

    def renew(self, session: "Session") -> None:
        """Have the next generation committed, if the session goes on and nobody has drawn it."""
        ...

    def end(self, session: "Session") -> None:
        """Have the end committed, if the session goes on."""
        ...

    def require_admin(self, user_id: str) -> None:
        """Commit only if *user_id* is an active administrator then; else `NeedsAnotherAdmin`."""
        ...

    def change_rights(
        self,
        before: "Rights",
        after: "Rights",
        *,
        ended: "Sequence[Session]" = (),
        revoked: "Sequence[ApiKey]" = (),
    ) -> None:
        """Have *after* committed in the place of *before*, and the end of what is no more in it.

        Only if no right has changed since, nor a session begun or ended, nor a key been made;
        sessions that go on may have been renewed, and keep what they have.
        """
        ...


class ApiKeyRepository(RightsReader, Protocol):
    """API keys, which lie in the rights of their owners."""

    def add(self, key: "ApiKey", *, rights: "Rights", over: Sequence[int]) -> None:
        """Have a new key committed beside those in *rights*, in the place of those that are over.

        Only while the owner is active and nobody else has made a key of theirs since.
        """
        ...

    def revoke(self, key: "ApiKey") -> None:
        """Have the end committed, if the key goes on."""
        ...


class KeySecrets(Protocol):
    """Draws what keys are made of."""

    def draw(self) -> "NewSecret":
        """Return another secret each time, which nobody can guess."""
        ...


class KeyReader(Protocol):
    """Reads API keys."""

    def read(self, text: str) -> "ClaimedKey":
        """Return what *text* claims to be; `InvalidApiKey` for what we never gave, mostly."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeySummary:
    """An API key as its owner sees it, who called it ``name``."""

    id: str
    name: str
    created_at: str
    live: "LiveKey"
    last_used_at: str | None = None


class ApiKeySummaries(Protocol):
    """Reads API keys to show them."""

    def of_user(self, user_id: str, *, now: datetime) -> list[ApiKeySummary]:
        """Return the keys that are good, newest first, as of this moment."""
        ...


class TokenPair(NamedTuple):
    """What a client goes on with."""

    access_token: str
    refresh_token: str


class CookieTokens(NamedTuple):
    """What a browser goes on with: tokens that no page reads, and what only our pages know."""

    access_token: str
    refresh_token: str
    csrf_token: str


class SessionSigner(Protocol):
    """Makes what clients go on with."""

    def sign(self, access: Access, content: Continuation) -> TokenPair:
        """Return what a program is handed."""
        ...

    def sign_for_cookies(self, access: Access, content: Continuation) -> CookieTokens:
        """Return what a browser is handed."""
        ...


class RefreshTokenReader(Protocol):
    """Reads refresh tokens."""

    def read(self, token: str) -> Continuation:
        """Return what *token* says; `InvalidRefreshToken` for any text that we never gave."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """A session that goes on; ``client`` is how the program called itself that logged in."""

    id: str
    client: str
    live: "LiveSession"


class SessionReader(Protocol):
    """Reads sessions to show them."""

    def of_user(self, user_id: str, *, now: datetime) -> list[SessionSummary]:
        """Return the sessions that go on, newest first, as of this moment."""
        ...


class KnownDevices(Protocol):
    """Knows the devices from which somebody has logged in before."""

    def device(self, token: str | None, *, email: Email, now: datetime) -> str | None:
        """Return the device that *token* was handed out to for *email*, if it still is good."""
        ...


class KeyRingReader(Protocol):
    """The published keys."""

    def load(self) -> "KeyRing":
        """Return them as of now, or none: one consistent read."""
        ...


class KeyRingRepository(KeyRingReader, Protocol):
    """The published keys, which a rotation changes."""

    def save(self, ring: "KeyRing") -> None:
        """Commit *ring*, if nobody else has changed it since it was read."""
        ...


class IdentityUnitOfWork(UnitOfWork, Protocol):
    """Identity's repositories, committed together."""

    @property
    def users(self) -> UserRepository: ...

    @property
    def logins(self) -> LoginRepository: ...

    @property
    def sessions(self) -> SessionRepository: ...

    @property
    def api_keys(self) -> ApiKeyRepository: ...

    @property
    def key_rings(self) -> KeyRingRepository: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A user as queries see them."""

    user_id: str
    email: str
    name: str
    entitlements: Entitlements
    active: bool
    created_at: datetime
    version: int


class ProfileReader(Protocol):
    """Reads users."""

    def find(self, user_id: str) -> Profile | None:
        """Return the user as of now: one consistent read."""
        ...


class UserListReader(Protocol):
    """Reads the list of users."""

    def page(
        self, asked: "PageRequest", *, reader_id: str, where: "Specification[Any] | None"
    ) -> "Page[Profile]":
        """Return a page, newest first; `InvalidCursor` when its cursor is of another list."""
        ...


class TokenSigner(Protocol):
    """Makes access tokens."""

    def sign(self, access: Access) -> str:
        """Return the token of *access*: the same one every time, until the key is rotated."""
        ...


class TokenVerifier(Protocol):
    """Reads access tokens."""

    def verify(self, token: str) -> Access:
        """Return what *token* stands for; `InvalidAccessToken` for any text that is not one."""
        ...


class SigningSecret(Protocol):
    """The secret that the private keys are made of; they never leave it but to sign."""

    def current(self) -> "PublicHalf":
        """Return the version that signs."""
        ...

    def previous(self) -> "PublicHalf | None":
        """Return the version that signed before, if there is one."""
        ...

    def pending(self) -> "PublicHalf | None":
        """Return the version that was drawn and has never signed, if there is one."""
        ...

    def draw(self) -> "PublicHalf":
        """Add a random version, pending."""
        ...

    def sign_with(self, version_id: str, *, instead_of: str) -> None:
        """Have *version_id* sign; an error if it is no longer *instead_of* that does."""
        ...

    def discard_pending(self) -> None:
        """Forget the pending version, if there is one."""
        ...

    def discard_previous(self) -> None:
        """Forget the version that signed before."""
        ...
