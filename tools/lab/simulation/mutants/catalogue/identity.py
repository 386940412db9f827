"""Accounts."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_UOW = "shared/identity/adapters/unit_of_work.py"
_USER = "shared/identity/adapters/user.py"

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
)
