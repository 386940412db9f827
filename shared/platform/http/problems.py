"""What is wrong with a request, in one form whichever layer has found it.

``loc`` is the path in the request, its source first: ``["body", "lines", 0, "quantity"]``,
``["query", "limit"]``, ``["path", "subject"]``, ``["header", "if-match"]``. The domain knows no
requests: it names a field of its command, which is looked up here among what the endpoint takes.
Only refusals need this module, so only they load it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from shared.kernel.errors import FieldError, ValidationFailed
from shared.platform.http.lean_fastapi import BaseModel, Dependant
from shared.platform.http.models import Body, Given
from shared.platform.validation.sentences import explain

SOURCES = ("body", "query", "path", "header", "cookie")


class Takes:
    """What an endpoint takes: the names of its parameters and the model of its body."""

    def __init__(self, dependant: Dependant, body: Any) -> None:
        found = [dependant, *_below(dependant)]
        self.path = _names(each.path_params for each in found)
        self.query = _names(each.query_params for each in found)
        self.body = body

    def located(self, error: FieldError) -> FieldError:
        """Return *error* with its place in the request as ``loc``.

        What the domain knows of a thing and a request does not have (a line's price) is said of
        the thing.
        """
        loc = tuple(error["loc"])
        if loc and loc[0] in SOURCES:
            return error
        found = (*self._place_of(loc), *loc[1:])
        sent = 1 + _reach(self.body, found[1:]) if found[0] == "body" else len(found)
        if sent < len(found):
            inside = ".".join(map(str, found[sent:]))
            return {**error, "loc": found[:sent], "msg": f"{inside}: {error['msg']}"}
        return {**error, "loc": found}

    def _place_of(self, loc: Sequence[str | int]) -> tuple[str | int, ...]:
        if not loc:
            return ("body",)
        name = str(loc[0])
        if name in _fields(self.body):
            return ("body", name)
        if name in self.path:
            return ("path", name)
        if name in self.query:
            return ("query", name)
        inside = [(outer, name) for outer, kind in _fields(self.body).items()
                  if name in _fields(kind)]  # fmt: skip
        return ("body", *inside[0]) if len(inside) == 1 else ("body", name)

    def explained(
        self, found: Sequence[Mapping[str, Any]], *, body: Any, path: Mapping[str, str]
    ) -> ValidationFailed:
        """Return pydantic's findings as one refusal, without the values: they may be secrets.

        The domain is asked about the rest of *body*, so that nothing is told only when this is
        mended. Where all is of a kind that has a code of its own, that is the refusal's code.
        """
        listed = [self._explained(each) for each in found]
        listed += self._further(listed, body, path)
        if len(listed) > len(found):
            return ValidationFailed(None, listed)
        codes = {(each.get("ctx") or {}).get("code") for each in found}
        refusal = ValidationFailed(None, listed)
        if len(codes) == 1 and (code := codes.pop()):
            refusal.code = str(code)
            refusal.message = listed[0]["msg"]
            refusal.details = dict(listed[0].get("params", {}))
        return refusal

    def _further(
        self, listed: Sequence[FieldError], body: Any, path: Mapping[str, str]
    ) -> list[FieldError]:
        model = _model(self.body)
        if model is None or not issubclass(model, Body) or not isinstance(body, Mapping):
            return []
        wrong = {each["loc"][1] for each in listed if each["loc"][0] == "body" and each["loc"][1:]}
        given = {name: value for name, value in body.items() if name not in wrong}
        found = (self.located(each) for each in model.further(Given(given, path)))
        return [each for each in found if wrong.isdisjoint(each["loc"][1:2])]

    def _explained(self, found: Mapping[str, Any]) -> FieldError:
        loc, kind = tuple(found["loc"]), str(found["type"])
        if kind == "unknown_parameter":
            return _unknown(loc, str(loc[-1]), self.query)
        if kind == "extra_forbidden":
            return _unknown(loc, str(loc[-1]), _fields(_inside(self.body, loc[1:-1])))
        text, params = explain(kind, found.get("ctx") or {})
        return {"loc": loc, "msg": text, "type": kind, "params": params}


def _unknown(loc: Sequence[str | int], name: str, known: Iterable[str]) -> FieldError:
    allowed = sorted(known)
    near = get_close_matches(name, allowed, n=1)
    what = "parameter" if loc[0] == "query" else "field"
    hint = f" Did you mean {near[0]}?" if near else ""
    params: dict[str, Any] = {"allowed": allowed}
    if near:
        params["nearest"] = near[0]
    text = f"There is no such {what}.{hint}"
    kind = "unknown_parameter" if loc[0] == "query" else "extra_forbidden"
    return {"loc": loc, "msg": text, "type": kind, "params": params}


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _below(each)


def _names(groups: Iterable[Iterable[Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field.alias for group in groups for field in group))


def _fields(kind: Any) -> dict[str, Any]:
    """Return the fields of a model by their names, whatever is around it; else none."""
    model = _model(kind)
    if model is None:
        return {}
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in (Annotated, Union, UnionType):
        return next((m for each in get_args(kind) if (m := _model(each))), None)
    return None


def _reach(kind: Any, loc: Sequence[str | int]) -> int:
    """Return how many steps of *loc* lead into *kind*; all where it does not say what it has."""
    for number, step in enumerate(loc):
        listed = _list(kind)
        if isinstance(step, int) and get_origin(listed) is list:
            kind = next(iter(get_args(listed)), Any)
        elif _model(kind) is None:
            plain = kind in (str, int, bool, float)
            return number if plain or _optional_plain(kind) else len(loc)
        elif step in _fields(kind):
            kind = _fields(kind)[str(step)]
        else:
            return number
    return len(loc)


def _optional_plain(kind: Any) -> bool:
    return any(each in (str, int, bool, float) for each in get_args(kind))


def _inside(kind: Any, loc: Sequence[str | int]) -> Any:
    """Return the type at *loc* inside *kind*; ``None`` where it is not known."""
    for step in loc:
        if isinstance(step, int):
            kind = next(iter(get_args(_list(kind))), None)
        else:
            kind = _fields(kind).get(step)
    return kind


def _list(kind: Any) -> Any:
    if get_origin(kind) in (Annotated, Union, UnionType):
        return next((each for each in get_args(kind) if get_origin(each) is list), None)
    return kind
