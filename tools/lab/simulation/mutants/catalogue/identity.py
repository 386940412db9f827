"""Accounts."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_UOW = "shared/identity/adapters/unit_of_work.py"
_USER = "shared/identity/adapters/user.py"

_SESSION = "shared/identity/domain/session.py"
_SESSIONS = "shared/identity/adapters/sessions.py"
_KEYS = "shared/identity/adapters/api_keys.py"
_CREATE_KEY = "functions/identity/create_api_key/handler.py"
_IDENTIFY = "shared/identity/queries/identify_caller.py"
_REFRESH = "shared/identity/use_cases/refresh_tokens.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "e-mail claimed without condition",
        "two people have one address",
        _UOW,
        "            put(card_item(user, password_hash), refused=_taken),\n",
        "            put(card_item(user, password_hash), condition=None, refused=_taken),\n",
    ),
    mutant(
        "e-mail claimed as it is spelled",
        "two people have one address in two spellings",
        _USER,
        '    return {"PK": f"UNIQUE#EMAIL#{email.key}", "SK": "UNIQUE"}\n',
        '    return {"PK": f"UNIQUE#EMAIL#{email.address}", "SK": "UNIQUE"}\n',
    ),
    mutant(
        "card before the account",
        "an address is taken by an account that never comes to be",
        _UOW,
        "            put(card_item(user, password_hash), refused=_taken),\n",
        "        )\n"
        "        self._uow._transactor.send([put(card_item(user, password_hash),"
        " refused=_taken)])\n"
        "        self._uow._writes.append(\n",
    ),
    mutant(
        "token drawn without condition",
        "two who hold one refresh token both go on, the thief and the owner",
        _SESSIONS,
        '            "active = :yes AND sessions.#id.generation = :read",\n',
        '            "active = :yes AND sessions.#id.generation >= :read",\n',
    ),
    mutant(
        "lost answer draws another token",
        "who asks again gets a token after the next, and looks like a thief",
        _SESSION,
        "            return False\n        self._record(TokenReused",
        "            generation = self.live.generation\n"
        "            self.live = replace(self.live, generation=generation + 1, renewed_at=now)\n"
        "            return True\n        self._record(TokenReused",
    ),
    mutant(
        "every older token is forgiven",
        "a stolen token is good for ever",
        _SESSION,
        "generation == self.live.generation - 1 and now < self.live.renewed_at + GRACE:",
        "generation <= self.live.generation - 1:",
    ),
    mutant(
        "thief found, session goes on",
        "a stolen token is refused, and its successors are not",
        _REFRESH,
        "                uow.sessions.end(session)\n                uow.commit()\n",
        "                uow.commit()\n",
    ),
    mutant(
        "end said and not done",
        "who has logged out stays logged in",
        _SESSIONS,
        '"REMOVE sessions.#id", "attribute_exists(sessions.#id)", {})\n',
        '"REMOVE sessions.#gone", "attribute_exists(sessions.#id)", {})\n',
    ),
    mutant(
        "log-in of a lost answer revived",
        "a session that has ended is handed out again",
        "functions/identity/log_in/handler.py",
        "returns=LoggedIn, again=log_in.confirm)",
        "returns=LoggedIn)",
    ),
    mutant(
        "refresh revived by its record",
        "a session that has ended goes on for whoever repeats the request",
        "shared/platform/entry/commands.py",
        "            stored = None if refused.final else _stored(returns)\n",
        "            stored = _stored(returns)\n",
    ),
    mutant(
        "room made without a word",
        "a session is gone, and nobody is told",
        _SESSIONS,
        "        for each in instead_of:\n            self._register_end(each)\n",
        "",
    ),
    mutant(
        "log-out remembered by its key",
        "who leaves a second session under the key of the first stays in it",
        "shared/identity/use_cases/log_out.py",
        "uow.commit()  # nothing to remember",
        "uow.commit(LoggedOut(session_id=session_id))  # nothing to remember",
    ),
    mutant(
        "right taken in the state alone",
        "what was taken away serves the very next request, and all that come after",
        _UOW,
        "        self._uow.stage(entitle(user.id, user.entitlements))\n",
        "",
    ),
    mutant(
        "restriction not passed on",
        "what is withheld from somebody serves them all the same",
        "shared/identity/queries/identify_program.py",
        '        "restrictions": ",".join(held.restrictions),\n',
        '        "restrictions": "",\n',
    ),
    mutant(
        "restriction read and not obeyed",
        "what is withheld from somebody serves them all the same",
        "shared/platform/access/permissions.py",
        "        held = granted - self.restrictions\n",
        "        held = granted\n",
    ),
    Mutant(
        "rights kept by the authorizer",
        "a right that was taken away serves for as long as a container lives",
        (
            Edit(
                _IDENTIFY,
                "        rights = self.rights.find(access.user_id)\n",
                "        if access.token_id not in _KEPT:\n"
                "            _KEPT[access.token_id] = self.rights.find(access.user_id)\n"
                "        rights = _KEPT[access.token_id]\n",
            ),
            Edit(
                _IDENTIFY,
                "\n\n@dataclass(frozen=True, slots=True, kw_only=True)\nclass IdentifyCaller:",
                "\n\n_KEPT: dict = {}\n\n\n"
                "@dataclass(frozen=True, slots=True, kw_only=True)\nclass IdentifyCaller:",
            ),
        ),
    ),
    mutant(
        "one role for several",
        "who has two jobs is denied one of them",
        "shared/platform/access/permissions.py",
        '(claims.get("roles") or claims["role"]).split(","))),\n',
        '(claims.get("roles") or claims["role"]).split(",")[:1])),\n',
    ),
    mutant(
        "no grace for a lost answer",
        "a phone that has lost an answer is taken for a thief",
        _SESSION,
        "now < self.live.renewed_at + GRACE:",
        "now < self.live.renewed_at:",
    ),
    mutant(
        "key revoked beside the rights",
        "a key that is revoked is good for ever",
        _KEYS,
        '                "REMOVE api_keys.#number",\n',
        '                "SET api_keys.#number = api_keys.#number",\n',
    ),
    mutant(
        "key shown as often as one asks",
        "a stored answer is given with another secret, which opens nothing",
        _CREATE_KEY,
        ", again=shown_once)",
        ")",
    ),
)
