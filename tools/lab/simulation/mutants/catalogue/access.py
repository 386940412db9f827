"""Who is let in: the authorizer, and what takes a right away."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_IDENTIFY = "shared/identity/queries/identify_caller.py"
_READER = "shared/identity/adapters/rights_reader.py"
_CHANGE = "shared/identity/use_cases/change_password.py"
_DEACTIVATE = "shared/identity/use_cases/deactivate_user.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "rights read from a replica",
        "who has logged out is let in for a moment more",
        _READER,
        "rights_key(user_id))\n",
        "rights_key(user_id), consistent=False)\n",
    ),
    mutant(
        "rights remembered by a warm authorizer",
        "who has logged out is let in while the container lives",
        _READER,
        '        with repository_call("find", "Rights"):\n'
        "            item = get_item(self._client, self._table, rights_key(user_id))\n",
        '        with repository_call("find", "Rights"):\n'
        '            known = self.__dict__.setdefault("_known", {})\n'
        "            item = known.get(user_id) or get_item(\n"
        "                self._client, self._table, rights_key(user_id)\n"
        "            )\n"
        "            known[user_id] = item\n",
    ),
    mutant(
        "authorizer asks for no session",
        "a token is good for its ten minutes, whatever has ended",
        _IDENTIFY,
        "session = rights.session(access.session_id, now=now)\n",
        "session = next(iter(rights.sessions.values()), None)\n",
    ),
    mutant(
        "token good beyond its time",
        "a token that was over yesterday is let in",
        "shared/identity/adapters/access_tokens.py",
        "        if now >= access.expires_at:\n",
        "        if now >= access.expires_at + 7 * 86_400:\n",
    ),
    mutant(
        "token over before its time",
        "who has just logged in is told that their token has expired",
        "shared/identity/adapters/access_tokens.py",
        "        if now >= access.expires_at:\n",
        "        if now >= access.issued_at + 1:\n",
    ),
    mutant(
        "other sessions stay with a new password",
        "who had the old password stays in with what they began with it",
        _CHANGE,
        "uow.sessions.change_rights(rights, after, ended=ended)",
        "after = replace(rights, credentials=proven.version)\n"
        "            uow.sessions.change_rights(rights, after, ended=())",
    ),
    mutant(
        "the old password stays",
        "somebody takes another password and the old one is the one that is right",
        _CHANGE,
        "hashed = self.hasher.hash(command.new_password)",
        "hashed = self.hasher.hash(command.current_password)",
    ),
    mutant(
        "password changed unproven",
        "whoever holds a stolen token takes the account over",
        _CHANGE,
        "if not self.hasher.verify(command.current_password, known) or credentials is None:",
        "if credentials is None:",
    ),
    mutant(
        "locked out by name alone",
        "who is deactivated goes on in the sessions that they have",
        _DEACTIVATE,
        "uow.sessions.change_rights(rights, after, ended=ended, revoked=revoked)",
        "uow.sessions.change_rights(rights, rights, ended=())",
    ),
    mutant(
        "an end ends the caller's session too",
        "who ends a lost phone's session is out on the phone in their hand",
        "shared/identity/use_cases/end_session.py",
        "            uow.sessions.end(session)\n",
        "            uow.sessions.end(session)\n"
        "            for other in set(rights.sessions) - {command.session_id} if rights else ():\n"
        "                uow.sessions.end(session_of(rights, other, now=now) or session)\n",
    ),
)
