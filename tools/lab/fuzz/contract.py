"""Whether a function took what its schema refuses, or refused what its schema allows."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tools.lab.fuzz.cases import Case
from tools.lab.fuzz.oracle import Problem
from tools.lab.fuzz.plain_json import read
from tools.lab.fuzz.request import Request
from tools.lab.fuzz.rig import Outcome
from tools.lab.fuzz.samples import Document

_MALFORMED = (400, 405, 413, 414, 415, 431)
_DOCUMENT = "urn:document"


class Contract:
    """The request schemas of a document, as an oracle."""

    def __init__(self, document: Document) -> None:
        resource: Any = Resource.from_contents(dict(document), DRAFT202012)
        self._registry: Any = Registry().with_resource(_DOCUMENT, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def broken(self, case: Case, request: Request, outcome: Outcome) -> list[Problem]:
        """Return what *outcome* says against the document."""
        if not isinstance(outcome.answer, dict):
            return []
        status = outcome.answer.get("statusCode", 500)
        # Parameters of a query have rules among themselves that no schema says.
        if not case.attacks and request == case.base and not request.query:
            return [*_refused_good(status, outcome.answer)]
        edited = any(name in ("body", "isBase64Encoded") for name, _ in request.edits)
        if status < 300 and case.operation.body and request.body and not edited:
            return [*self._accepted_bad(case, request.body)]
        return []

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


def _refused_good(status: int, answer: Mapping[str, Any]) -> Iterator[Problem]:
    body = str(answer.get("body", ""))
    if answer.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8", "replace")
    # Rules among fields are the domain's, and no schema says them; those have other places.
    places = [error["loc"][0] for error in _errors(body)] if status == 422 else []
    if status in _MALFORMED or {"body", "header", "path"} & {*places}:
        yield Problem("refused a good request", f"{status}: {body[:400]}")


def _errors(body: str) -> list[Any]:
    found: list[Any] = json.loads(body).get("error", {}).get("errors", [])
    return [error for error in found if error["loc"]]
