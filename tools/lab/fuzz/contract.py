"""Whether a function took what its schema refuses, or refused what its schema allows."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from shared.platform.validation.sentences import SENTENCES
from tools.lab.fuzz.cases import Case
from tools.lab.fuzz.oracle import Problem, text_of
from tools.lab.fuzz.plain_json import read
from tools.lab.fuzz.request import Request
from tools.lab.fuzz.rig import Outcome
from tools.lab.fuzz.samples import Document, resolved

_HEADERS = {
    "content-type", "content-encoding", "idempotency-key", "if-match", "authorization",
    "x-forwarded-client",
}  # fmt: skip
_ABOUT_THE_QUERY = ("unknown_parameter", "repeated_parameter")
_TYPES = {*SENTENCES, "string_pattern_mismatch"}
"""The types of errors that a schema can make."""
_MALFORMED = (400, 405, 413, 414, 415, 431)
_DOCUMENT = "urn:document"


class Contract:
    """The request schemas of a document, as an oracle."""

    def __init__(self, document: Document) -> None:
        self._document = document
        resource: Any = Resource.from_contents(dict(document), DRAFT202012)
        self._registry: Any = Registry().with_resource(_DOCUMENT, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def broken(self, case: Case, request: Request, outcome: Outcome) -> list[Problem]:
        """Return what *outcome* says against the document."""
        if not isinstance(outcome.answer, dict):
            return []
        status = outcome.answer.get("statusCode", 500)
        if 400 <= status < 500:
            misplaced = [*self._points_nowhere(case, outcome.answer)]
            if misplaced:
                return misplaced
        if status < 300 and (unknown := _unknown_parameters(case, request)):
            return [Problem("accepted a parameter that nobody knows", ", ".join(unknown)[:300])]
        # Parameters of a query have rules among themselves that no schema says.
        if not case.attacks and request == case.base and not request.query:
            return [*_refused_good(status, outcome.answer)]
        edited = any(name in ("body", "isBase64Encoded") for name, _ in request.edits)
        if status < 300 and case.operation.body and request.body and not edited:
            return [*self._accepted_bad(case, request.body)]
        return []

    def _points_nowhere(self, case: Case, answer: Mapping[str, Any]) -> Iterator[Problem]:
        """Yield the places of errors that are none in a request for this operation."""
        known = {
            each["in"]: {
                e["name"].lower() for e in case.operation.parameters if e["in"] == each["in"]
            }
            for each in case.operation.parameters
        }
        known["header"] = known.get("header", set()) | _HEADERS
        for error in _errors(text_of(answer)):
            source, *inside = error["loc"]
            named = str(inside[0]).lower() if inside else ""
            if source == "body":
                fine = (
                    not inside or error["type"] == "extra_forbidden" or self._in_body(case, inside)
                )
            else:
                fine = named in known.get(source, ()) or error["type"] in _ABOUT_THE_QUERY
            if not fine:
                yield Problem("points at nothing", json.dumps(error)[:300])

    def _in_body(self, case: Case, loc: list[Any]) -> bool:
        schema: Mapping[str, Any] = case.operation.body or {}
        for step in loc:
            schema = resolved(self._document, schema)
            options = [resolved(self._document, each) for each in schema.get("anyOf", ())]
            found = [
                each["items"] if isinstance(step, int) else each["properties"][step]
                for each in (schema, *options)
                if (
                    "items" in each
                    if isinstance(step, int)
                    else step in each.get("properties", ())
                )
            ]
            if not found:
                return any(each.get("additionalProperties") for each in (schema, *options))
            schema = found[0]
        return True

    def _accepted_bad(self, case: Case, body: bytes) -> Iterator[Problem]:
        try:
            found = read(body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            yield Problem("accepted what is no JSON", f"{error}: {body[:200]!r}")
            return
        for found_error in self._validator(case).iter_errors(found):
            yield Problem("accepted what the schema refuses", found_error.message[:300])

    def _validator(self, case: Case) -> Draft202012Validator:
        name = case.operation.name
        if name not in self._validators:
            schema = _absolute(case.operation.body or {})
            self._validators[name] = Draft202012Validator(schema, registry=self._registry)
        return self._validators[name]


def _absolute(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return *schema* with its references leading into the document."""
    text = json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{_DOCUMENT}#/')
    found: dict[str, Any] = json.loads(text)
    return found


def _unknown_parameters(case: Case, request: Request) -> list[str]:
    known = {each["name"] for each in case.operation.parameters if each["in"] == "query"}
    edited = any(name == "rawQueryString" for name, _ in request.edits)
    given = [] if edited else parse_qsl(request.query, keep_blank_values=True)
    return [name for name, _ in given if name not in known]


def _refused_good(status: int, answer: Mapping[str, Any]) -> Iterator[Problem]:
    body = text_of(answer)
    # Rules among fields are the domain's, and no schema says them; those have other types.
    of_schema = [each for each in _errors(body) if each["type"] in _TYPES]
    places = [error["loc"][0] for error in of_schema] if status == 422 else []
    if status in _MALFORMED or {"body", "header", "path"} & {*places}:
        yield Problem("refused a good request", f"{status}: {body[:400]}")


def _errors(body: str) -> list[Any]:
    """Return the errors of an answer in the envelope, or of problem details."""
    try:
        answer = json.loads(body)
        found: list[Any] = (answer.get("error") or answer).get("errors", [])
        return [error for error in found if error["loc"]]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []  # no envelope, which another oracle says
