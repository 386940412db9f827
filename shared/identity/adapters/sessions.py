"""Sessions in the table: what holds of them in their user's rights, what is shown beside it.

``Session#<id>/STATE`` has what is shown of it and its version, and goes away by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.identity.adapters.rights import (
    rights_item,
    rights_key,
    session_entry,
    to_milliseconds,
)
from shared.identity.adapters.rights_reader import DynamoRightsReader
from shared.identity.adapters.user import rights_of
from shared.identity.domain.access import Credentials
from shared.identity.domain.entitlements import ADMINISTRATION, Role
from shared.identity.domain.errors import NeedsAnotherAdmin, NoRoomForSession
from shared.identity.domain.rights import Rights
from shared.identity.domain.session import MOST, Session
from shared.identity.domain.user import User
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import STATE, check, put, put_state, update

if TYPE_CHECKING:  # few functions have to do with keys
    from shared.identity.domain.api_key import ApiKey

KEPT = timedelta(days=90)
"""How long after its latest possible end a session's items are kept."""


def session_key(session_id: str) -> dict[str, str]:
    """Return where the state of a session is."""
    return {"PK": partition(Session.aggregate_type, session_id), "SK": STATE}


class DynamoSessionRepository(DynamoRightsReader):
    """Writes sessions; each change holds only while the rights allow it."""

    def __init__(self, uow: DynamoUnitOfWork) -> None:
        super().__init__(uow.client, uow.table)
        self._uow = uow

    def start(
        self,
        session: Session,
        *,
        proven: Credentials,
        instead_of: Sequence[Session] = (),
        over: Sequence[str] = (),
    ) -> None:
        """Stage a new session; see `shared.identity.ports.SessionRepository`."""
        gone = [*(each.id for each in instead_of), *over]
        names = {f"#{number}": each for number, each in enumerate(gone)}
        removed = f" REMOVE {', '.join(f'sessions.{name}' for name in names)}" if names else ""
        there = "".join(f" AND attribute_exists(sessions.{name})" for name in names)
        self._uow.stage(
            update(
                rights_key(session.user_id),
                f"SET sessions.#new = :new{removed}",
                condition="active = :yes AND credentials = :credentials"
                f" AND size(sessions) < :most{there}",
                values={
                    ":new": session_entry(session.live),
                    ":yes": True,
                    ":credentials": proven.version,
                    ":most": MOST + len(gone),
                },
                names={"#new": session.id, **names},
                refused=NoRoomForSession,
            )
        )
        self._register(session)
        for each in instead_of:
            self._register_end(each)

    def start_first(self, session: Session, *, user: User) -> None:
        """Stage a session with the rights of a user who has none yet."""
        rights = replace(rights_of(user), sessions={session.id: session.live})
        self._uow.stage(put(rights_item(rights), refused=NoRoomForSession))
        self._register(session)

    def renew(self, session: Session) -> None:
        """Stage the next generation, if nobody else has drawn it."""
        live = session.live
        self._change(
            session,
            "SET sessions.#id.generation = :next, sessions.#id.renewed_at = :now",
            "active = :yes AND sessions.#id.generation = :read",
            {
                ":next": live.generation,
                ":now": to_milliseconds(live.renewed_at),
                ":yes": True,
                ":read": live.generation - 1,
            },
        )

    def end(self, session: Session) -> None:
        """Stage the end of *session*, if nobody else has ended it."""
        self._change(session, "REMOVE sessions.#id", "attribute_exists(sessions.#id)", {})
        self._register_end(session)

    def require_admin(self, user_id: str) -> None:
        """Stage that condition; see `shared.identity.ports.SessionRepository`."""
        self._uow.stage(
            check(
                rights_key(user_id),
                condition="active = :yes AND (contains(#roles, :admin) OR #role = :admin)"
                " AND NOT contains(restrictions, :administration)",
                values={
                    ":yes": True,
                    ":admin": Role.ADMIN.value,
                    ":administration": ADMINISTRATION,
                },
                names={"#roles": "roles", "#role": "role"},  # an earlier release wrote one
                refused=NeedsAnotherAdmin,
            )
        )

    def change_rights(
        self,
        before: Rights,
        after: Rights,
        *,
        ended: Sequence[Session] = (),
        revoked: "Sequence[ApiKey]" = (),
    ) -> None:
        """Stage other rights; see `shared.identity.ports.SessionRepository`."""
        if not before.kept:
            self._uow.stage(put(rights_item(after)))
            return
        gone = [each for each in before.sessions if each not in after.sessions]
        names = {f"#{number}": each for number, each in enumerate(before.sessions)}
        removed = [f"sessions.{name}" for name, each in names.items() if each in gone]
        there = "".join(f" AND attribute_exists(sessions.{name})" for name in names)
        keys = {f"#k{number}": str(number) for number in before.keys if number not in after.keys}
        lost = [f"api_keys.{name}" for name in keys]
        removed += lost
        there += "".join(f" AND attribute_exists({each})" for each in lost)
        made = {":keys_made": before.keys_made} if before.keys_made else {}
        there += f" AND {'keys_made = :keys_made' if made else 'attribute_not_exists(keys_made)'}"
        self._uow.stage(
            update(
                rights_key(before.user_id),
                "SET active = :active, credentials = :credentials"
                + (f" REMOVE {', '.join(removed)}" if removed else ""),
                condition="active = :was_active AND credentials = :had_credentials"
                f" AND size(sessions) = :many{there}",
                values={
                    ":active": after.active,
                    ":credentials": after.credentials,
                    ":was_active": before.active,
                    ":had_credentials": before.credentials,
                    ":many": len(before.sessions),
                    **made,
                },
                names=names | keys,
            )
        )
        for each in ended:
            self._register_end(each)
        if revoked:
            from shared.identity.adapters.api_keys import (  # noqa: PLC0415  # few have any
                register_end_of_key,
            )

            for key in revoked:
                register_end_of_key(self._uow, key)

    def _change(
        self, session: Session, expression: str, condition: str, values: Mapping[str, Any]
    ) -> None:
        self._uow.stage(
            update(
                rights_key(session.user_id),
                expression,
                condition=condition,
                values=values,
                names={"#id": session.id},
            )
        )

    def _register_end(self, session: Session) -> None:
        state = update(
            session_key(session.id),
            "SET #version = :version",
            condition="#version = :read",
            values={":version": session.version, ":read": session.committed_version},
            names={"#version": "version"},
        )
        self._uow.register(session, state, expires_at=_expires_at(session))

    def _register(self, session: Session) -> None:
        expires_at = _expires_at(session)
        item: Item = {
            **session_key(session.id),
            "user_id": session.user_id,
            "expires_at": expires_at,
        }
        if session.client:
            item["client"] = session.client
        state = put_state(item, version=session.version, committed_version=0)
        self._uow.register(session, state, expires_at=expires_at)


def _expires_at(session: Session) -> int:
    return int((session.live.ends_at + KEPT).timestamp())
