"""Attacks on method, path and query."""

from dataclasses import replace
from random import Random

from tools.lab.fuzz.attacks.hostile import TEXTS
from tools.lab.fuzz.request import Request

_METHODS = (
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND",
    "get", "", "G" * 300, "PØST",
)  # fmt: skip
_PARAMETERS = (
    "limit",
    "cursor",
    "sort",
    "include_total",
    "page",
    "page_size",
    "status",
    "from",
    "to",
    "q",
    "__proto__",
    "a",
)


def method(request: Request, dice: Random) -> Request:
    """Another method."""
    return replace(request, method=dice.choice(_METHODS))


def segment(request: Request, dice: Random) -> Request:
    """A part of the path is something else."""
    parts = request.path.split("/")
    at = dice.randrange(len(parts))
    parts[at] = dice.choice(TEXTS)
    return replace(request, path="/".join(parts))


def path_trick(request: Request, dice: Random) -> Request:
    """The same path, nearly."""
    path = request.path
    at = dice.randrange(1, len(path) + 1) if path else 0
    one = path[at - 1 : at] or "/"
    found = dice.choice(
        [path + "/", "/" + path, path.replace("/", "//", 2), path + "/.", path + "/..",
         f"{path}/../{path}", path + ";a=b",
         path + "%0a", path + "%00", path + "%20", path + ".json", path.upper(), path.replace("/",
         "%2f"), path + "%23a",
         path[:at] + "%" + path[at:], f"{path[: at - 1]}%{ord(one):02x}{path[at:]}", path[:-1],
         path + "0", path + "é",
         "https://evil.example" + path, path + "x" * 3_000, "/..%2f.." + path, "*", "",
         path + "%ef%bc%8f", path + "?",
         path.replace("api", "a%70i"), path + "\\..\\.."],
    )  # fmt: skip
    return replace(request, path=found)


def identifier(request: Request, dice: Random) -> Request:
    """The last identifier in the path is changed by one character."""
    parts = request.path.split("/")
    places = [i for i, part in enumerate(parts) if len(part) == 36]
    if not places:
        return segment(request, dice)
    at, text = places[-1], parts[places[-1]]
    where = dice.randrange(len(text))
    parts[at] = text[:where] + dice.choice("0123456789abcdefG-%_") + text[where + 1 :]
    return replace(request, path="/".join(parts))


def parameter(request: Request, dice: Random) -> Request:
    """A query parameter that is not what it should be."""
    pair = f"{dice.choice(_PARAMETERS)}={dice.choice(TEXTS)}"
    return replace(request, query=f"{request.query}&{pair}" if request.query else pair)


def query_trick(request: Request, dice: Random) -> Request:
    """The query as a whole is odd."""
    name = dice.choice(_PARAMETERS)
    query = request.query or f"{name}=1"
    found = dice.choice(
        [f"{query}&{query}", f"{name}=1&{name}=2", f"{name}[]=1&{name}[]=2", f"{name}[a]=1",
         f"{name}=1;{name}=2", "&&&",
         "=", "==&=", "?", "a" * 6_000, "&".join(f"p{n}=1" for n in range(1_500)),
         query + "&%00=1", query + "&%ff=%ff",
         name, f"{name}=", f"%{ord(name[0]):02x}{name[1:]}=1&{name}=2", query.upper(),
         query + "#fragment", "%"],
    )  # fmt: skip
    return replace(request, query=found)


def changed_cursor(request: Request, dice: Random) -> Request:
    """A good cursor with one character changed, cut, put in or encoded another way."""
    before, found, cursor = request.query.partition("cursor=")
    if not found or not cursor:
        return parameter(request, dice)
    at = dice.randrange(len(cursor))
    other = dice.choice("ABCabc019-_=+/%.")
    made = dice.choice(
        [cursor[:at] + other + cursor[at + 1 :], cursor[:at] + cursor[at + 1 :],
         cursor[:at] + other + cursor[at:],
         cursor + "=", cursor + "==", cursor[:-1], cursor * 2, cursor.swapcase(), cursor[::-1],
         "".join(f"%{ord(c):02x}" for c in cursor), cursor + "%00", "A" * 2_049],
    )  # fmt: skip
    return replace(request, query=before + found + made)


ATTACKS = (method, segment, path_trick, identifier, parameter, query_trick, changed_cursor)
