"""Rows of a ledger as TOML: each sealed, so that one that was edited or mixed in a merge shows."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from tools.entry.guard import ToolError

SEAL = "seal"
_DIGITS = 12
Row = Mapping[str, Any]


def written(head: str, table: str, rows: Sequence[Row]) -> str:
    """Return a file of *rows*, each with its seal, below a comment."""
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    for row in rows:
        lines += ["", f"[[{table}]]"]
        lines += [f"{name} = {_value(value)}" for name, value in sealed(row).items()]
    return "\n".join([*lines, ""])


def read(text: str, table: str) -> list[Row]:
    """Return the rows of a file, as they are; `ToolError` where it is no such file."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ToolError(f"The ledger is no TOML: {problem}") from None
    rows = whole.pop(table, [])
    if whole or not isinstance(rows, list):
        raise ToolError(f"The ledger has more than rows of [[{table}]].")
    return rows


def sealed(row: Row) -> dict[str, Any]:
    """Return *row* with the seal that its other fields give."""
    plain = {name: value for name, value in row.items() if name != SEAL}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return {**plain, SEAL: sha256(text.encode()).hexdigest()[:_DIGITS]}


def problems(row: Row, fields: Mapping[str, type]) -> list[str]:
    """Return what is wrong with a row whatever it says: its fields, their types, its seal."""
    expected = {**fields, SEAL: str}
    if row.keys() != expected.keys():
        differing = sorted(row.keys() ^ expected.keys())
        return [f"has more or less than its fields: {', '.join(differing)}"]
    wrong = [name for name, kind in expected.items() if type(row[name]) is not kind]
    if wrong:
        return [f"has fields of another type: {', '.join(wrong)}"]
    if sealed(row)[SEAL] != row[SEAL]:
        return ["is not sealed as it stands: somebody has changed it, or a merge has mixed it"]
    return []


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_value(each)}' for name, each in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)  # texts and whole numbers are TOML as well
