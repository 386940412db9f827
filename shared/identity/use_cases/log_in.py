"""Prove who one is with e-mail and password, and begin a session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from shared.identity.domain.access import ACCESS_SECONDS, Credentials, Granted
from shared.identity.domain.errors import (
    AccountDeactivated,
    InvalidCredentials,
    LogInSpent,
    NoRoomForSession,
)
from shared.identity.domain.login_throttle import LoginThrottle
from shared.identity.domain.password import Password
from shared.identity.domain.session import EndReason, Session, to_make_room
from shared.identity.ports import IdentityUnitOfWork, KnownDevices, PasswordHasher
from shared.kernel.clock import Clock, to_iso
from shared.kernel.email import Email
from shared.kernel.ids import IdSource

PASSWORD = "pwd"  # noqa: S105  # RFC 8176's name for that kind of proof


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    email: Email
    password: Password = field(repr=False)
    device_token: str | None = field(default=None, repr=False)
    """What an earlier log-in on the same device handed out."""
    client: str = ""
    """How the program calls itself that logs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(Granted):
    """A new session, and whose it is."""

    remembered_seconds: ClassVar[int | None] = ACCESS_SECONDS

    email: str
    role: str
    device_id: str = ""  # what an earlier release has remembered has none


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInHandler:
    """One read, one transaction, and the same work whether the account exists or not.

    Who has as many sessions as may be, or an account from before sessions were kept, costs a read
    more.
    """

    uow: IdentityUnitOfWork
    hasher: PasswordHasher
    clock: Clock
    ids: IdSource
    devices: KnownDevices

    def __call__(self, command: LogIn) -> LoggedIn:
        """Return a new session; `InvalidCredentials` or, while locked out, `TooManyAttempts`.

        `AccountDeactivated` for who is no longer let in, and knows their password.

        A failure is counted by a commit of its own, which does not remember the request: the
        same request may succeed later.
        """
        proof = self._prove(command)
        try:
            return self._begin(command, proof, self._add)
        except NoRoomForSession:
            return self._begin(command, proof, self._make_room)

    def confirm(self, result: LoggedIn) -> None:
        """Raise `LogInSpent` unless what was answered before is still good for its client.

        It is not where the session has ended, or has gone on: its first token would look stolen.
        """
        rights = self.uow.sessions.find(result.user_id)
        live = rights and rights.session(result.session_id, now=self.clock.now())
        if not rights or not rights.active or not live or live.generation != result.generation:
            raise LogInSpent

    def _prove(self, command: LogIn) -> "Proof":
        """Look at the password, once; a failure is counted and committed before it is raised."""
        now = self.clock.now()
        with self.uow as uow:
            device = self.devices.device(command.device_token, email=command.email, now=now)
            credentials, throttle = uow.logins.load(command.email, device=device)
            throttle.check(now)
            known = credentials.password_hash if credentials is not None else None
            matches = self.hasher.verify(command.password, known)
            if credentials is None or not matches:
                throttle.count_failure(now)
                uow.logins.save(throttle)
                uow.commit()
                raise InvalidCredentials
            throttle.clear()
            if not credentials.active:
                uow.logins.save(throttle)
                uow.commit()  # as every guess, with the count that it was checked against
                raise AccountDeactivated
        outdated = self.hasher.is_outdated(credentials.password_hash)
        return Proof(
            at=now,
            credentials=credentials,
            throttle=throttle,
            device=device,
            rehashed=self.hasher.hash(command.password) if outdated else None,
        )

    def _begin(self, command: LogIn, proof: "Proof", add: "Add") -> LoggedIn:
        proven, now = proof.credentials, proof.at
        with self.uow as uow:
            uow.logins.save(proof.throttle)
            if proof.rehashed is not None:
                uow.logins.rehash(proven, proof.rehashed)
            session = Session.start(
                self.ids(),
                user_id=proven.user_id,
                proven_by=(PASSWORD,),
                client=command.client,
                at=now,
            )
            add(session, proven)
            result = LoggedIn(
                user_id=proven.user_id,
                email=proven.email,
                role=proven.role,
                session_id=session.id,
                token_id=self.ids(),
                issued_at=int(now.timestamp()),
                expires_in=ACCESS_SECONDS,
                device_id=proof.device or self.ids(),
                session_ends_at=to_iso(session.live.ends_at),
                proven_at=int(session.live.proven_at.timestamp()),
                proven_by=[*session.live.proven_by],
            )
            uow.commit(result)
        return result

    def _add(self, session: Session, proven: Credentials) -> None:
        self.uow.sessions.start(session, proven=proven)

    def _make_room(self, session: Session, proven: Credentials) -> None:
        now: datetime = self.clock.now()
        rights = self.uow.sessions.find(proven.user_id)
        if rights is None:  # an account from before sessions were kept
            self.uow.sessions.start_first(session, user=self.uow.users.get(proven.user_id))
            return
        replaced = to_make_room(rights, now=now)
        for each in replaced:
            each.end(EndReason.REPLACED)
        over = [each for each in rights.sessions if rights.session(each, now=now) is None]
        self.uow.sessions.start(session, proven=proven, instead_of=replaced, over=over)


Add = Callable[[Session, Credentials], None]
"""Has a session committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who somebody has proven to be, and against which count of failures."""

    at: datetime
    credentials: Credentials
    throttle: LoginThrottle
    device: str | None
    rehashed: str | None = field(repr=False)
