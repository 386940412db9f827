"""A bad request is told everything at once: where, what in plain English, and the facts of it."""

import json
from typing import Annotated, Any

import pytest
from fastapi import Query
from pydantic import AfterValidator, Field

from shared.platform.http.app import create_app, lambda_handler
from shared.kernel.errors import AlreadyExists, FieldError, ValidationFailed
from shared.kernel.paging import PageRequest
from shared.platform.access.security import public
from shared.platform.http.models import Body
from shared.platform.http.pagination import leafed, paged
from shared.platform.http.reply import Reply
from shared.platform.validation.currency import CurrencyCode
from shared.platform.validation.domain import by_domain
from shared.platform.validation.sentences import SENTENCES, explain, form, form_of, has_form
from shared.platform.validation.strict import MOMENT, TRUE_OR_FALSE, WHOLE_NUMBER
from tests.unit.platform.sample_endpoint import context
from tools.lab.support.http_events import http_event, json_of

Cups = Annotated[PageRequest, leafed("sold_at", "price,name")]


class Taken(AlreadyExists):
    """A domain's refusal that is always about one field."""

    code = "NAME_TAKEN"
    sentence = "There is a cup of this name."
    at = ("name",)


class WornOut(ValidationFailed):
    """A refusal of one field with a code of its own."""

    code = "WORN_OUT"


def _not_worn_out(text: str) -> str:
    if text == "worn":
        raise WornOut("Must not be worn out.", [{"loc": ("state",), "msg": "Must not be worn out.",
                                                 "type": "worn"}])  # fmt: skip
    return text


class PriceBody(Body):
    amount: int = Field(ge=0, le=100)
    currency: CurrencyCode


class PartBody(Body):
    kind: str = Field(pattern=form("^[a-z]{3}$", "Must be three small letters."))


class CupBody(Body):
    name: str = Field(min_length=2, max_length=5)
    price: PriceBody
    parts: list[PartBody] = Field(default_factory=list, max_length=2)
    state: Annotated[str, AfterValidator(by_domain(_not_worn_out))] = "new"

    @classmethod
    def further(cls, given):
        if given.body.get("name") == "gone":
            yield FieldError(loc=("name",), msg="Must be there.", type="there")
        if given.body.get("state") == "old":
            yield FieldError(loc=("age", "years"), msg="Must be less.", type="less")


def serving(raises: Exception | None = None) -> Any:
    app = create_app("cups")

    @app.post("/api/v1/shelves/{shelf}/cups", dependencies=[public])
    async def endpoint(
        shelf: str,
        body: CupBody,
        cups: Cups,
        wet: Annotated[bool, TRUE_OR_FALSE, Query()] = False,
        since: Annotated[Any, MOMENT, Query()] = None,
        shards: Annotated[int, WHOLE_NUMBER, Query(ge=1)] = 1,
    ) -> Reply[dict[str, Any]]:
        if raises:
            raise raises
        return Reply({"shelf": shelf, "cups": cups.limit, "wet": wet, "shards": shards})

    return lambda_handler(app)


GOOD = {"name": "Jug", "price": {"amount": 5, "currency": "GBP"}}


def refused(
    body: Any = GOOD, query: str = "", raises: Exception | None = None, status: int = 422
) -> dict[str, Any]:
    event = http_event("POST", "/api/v1/shelves/top/cups", body=body) | {"rawQueryString": query}
    answer = serving(raises)(event, context())
    assert answer["statusCode"] == status, answer
    error: dict[str, Any] = json_of(answer)["error"]
    return error


def told(error: dict[str, Any]) -> dict[str, str]:
    return {each["field"]: each["msg"] for each in error["errors"]}


def test_everything_wrong_is_told_at_once_in_our_words():
    body = {"name": "x", "price": {"amount": -1, "currency": "XXQ", "amout": 3}, "state": "worn",
            "parts": [{"kind": "abc"}, {"kind": "No 1"}]}  # fmt: skip
    error = refused(body, query="limt=3&wet=yes")
    assert error["code"] == "VALIDATION_FAILED"
    assert [each["loc"] for each in error["errors"] if each["field"] == "parts.1.kind"] == [
        ["body", "parts", 1, "kind"]
    ]
    assert told(error) == {
        "limt": "There is no such parameter. Did you mean limit?",
        "wet": "Must be true or false.",
        "name": "Must have at least 2 characters.",
        "price.amount": "Must be at least 0.",
        "price.currency": "Must be a currency that ISO 4217 knows, such as GBP.",
        "price.amout": "There is no such field. Did you mean amount?",
        "parts.1.kind": "Must be three small letters.",
        "state": "Must not be worn out.",
    }


def test_the_domain_is_asked_about_what_the_schema_has_nothing_against():
    error = refused({"name": "gone", "price": {"amount": 101, "currency": "GBP"}})
    assert told(error) == {"name": "Must be there.", "price.amount": "Must be at most 100."}
    error = refused({"name": "x", "price": GOOD["price"], "state": "old"})
    assert told(error)[""] == "age.years: Must be less."  # what no request has
    error = refused({"name": "gone again"} | {"price": GOOD["price"]})
    assert told(error) == {"name": "Must have at most 5 characters."}  # told once


@pytest.mark.parametrize(
    ("found", "loc"),
    [
        (("name",), ["body", "name"]),
        (("price", "amount"), ["body", "price", "amount"]),
        (("currency",), ["body", "price", "currency"]),
        (("shelf",), ["path", "shelf"]),
        (("since",), ["query", "since"]),
        (("query", "cursor"), ["query", "cursor"]),
        (("header", "if-match"), ["header", "if-match"]),
        ((), ["body"]),
    ],
)
def test_a_refusal_of_the_domain_points_into_the_request(found, loc):
    raises = ValidationFailed("No.", [{"loc": found, "msg": "No.", "type": "no"}])
    (error,) = refused(raises=raises)["errors"]
    assert error == {
        "loc": loc, "field": ".".join(loc[1:]), "msg": "No.", "type": "no", "params": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "loc", "msg"),
    [
        (("parts", 1, "kind"), ["body", "parts", 1, "kind"], "No."),
        (("parts", 1, "weight", "grams"), ["body", "parts", 1], "weight.grams: No."),
        (("price", "net"), ["body", "price"], "net: No."),
        (("name", "first"), ["body", "name"], "first: No."),
        (("unheard_of", "amount"), ["body"], "unheard_of.amount: No."),
    ],
)
def test_what_no_request_has_is_said_of_what_has_it(found, loc, msg):
    raises = ValidationFailed("No.", [{"loc": found, "msg": "No.", "type": "no"}])
    (error,) = refused(raises=raises)["errors"]
    assert (error["loc"], error["msg"]) == (loc, msg)


def test_a_refusal_that_is_about_a_field_points_at_it_whatever_its_status():
    error = refused(raises=Taken(), status=409)
    assert error["code"] == "NAME_TAKEN"
    assert error["errors"] == [
        {"loc": ["body", "name"], "field": "name", "msg": "There is a cup of this name.",
         "type": "name_taken", "params": {}}
    ]  # fmt: skip


def test_a_field_s_own_code_is_the_answer_s_where_nothing_else_is_wrong():
    assert refused({**GOOD, "state": "worn"})["code"] == "WORN_OUT"
    assert refused({**GOOD, "state": "worn"}, query="nope=1")["code"] == "VALIDATION_FAILED"


@pytest.mark.row("PAG-01")
@pytest.mark.parametrize(
    ("query", "nearest"),
    [("pag=2", "page"), ("Limit=2", "limit"), ("include_totals=true", "include_total"),
     ("zzzzzz=", None), ("=1", None), ("limit%20=1", "limit")],
)  # fmt: skip
def test_a_parameter_that_is_not_known_is_refused_with_those_that_are(query, nearest):
    (error,) = refused(query=query)["errors"]
    assert (error["loc"][0], error["type"]) == ("query", "unknown_parameter")
    assert error["params"].get("nearest") == nearest
    assert {"limit", "cursor", "sort", "page"} <= {*error["params"]["allowed"]}


@pytest.mark.parametrize("text", ["5.0", "%205", "+5", "05", "0x5", "1_0", "%D9%A5", "", "1e1"])
def test_a_whole_number_has_one_spelling(text):
    for name in ("limit", "shards", "page_size"):
        assert {*told(refused(query=f"{name}={text}"))} == {name}


@pytest.mark.parametrize("text", ["yes", "1", "0", "on", "True", "TRUE", "t", "", "%20true"])
def test_a_boolean_has_one_spelling(text):
    assert told(refused(query=f"wet={text}")) == {"wet": "Must be true or false."}


@pytest.mark.parametrize(
    "text",
    ["20261201", "1764547200", "2026-12-01", "2026-12-01T09:00:00", "2026-02-30T09:00:00Z",
     "2026-12-01%2009:00:00Z", "now", ""],
)  # fmt: skip
def test_a_moment_has_its_time_zone(text):
    assert "date and time" in told(refused(query=f"since={text}"))["since"]


def test_a_sort_that_no_index_serves_is_told_with_the_rest():
    alone = refused(query="sort=weight")
    assert (alone["code"], alone["details"]) == (
        "INVALID_SORT_FIELD", {"allowed": ["sold_at", "price,name"]},
    )  # fmt: skip
    assert {*told(refused(query="sort=weight&limit=0"))} == {"sort", "limit"}
    assert {*told(refused(query="sort="))} == {"sort"}


def test_a_page_has_a_largest_size():
    (error,) = refused(query="limit=1000")["errors"]
    assert (error["msg"], error["params"]) == ("Must be at most 100.", {"limit": 100})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.row("API-03")
def test_every_change_takes_an_idempotency_key(method):
    app = create_app("cups")

    @app.api_route("/api/v1/cups", methods=[method], dependencies=[public])
    async def endpoint() -> Reply[None]:
        return Reply(None)

    event = http_event(method, "/api/v1/cups", headers={"idempotency-key": "has space"})
    answer = lambda_handler(app)(event, context())
    assert answer["statusCode"] == 422
    (error,) = json_of(answer)["error"]["errors"]
    assert error["loc"] == ["header", "idempotency-key"]


def test_lists_by_cursor_know_no_pages_and_no_total():
    app = create_app("cups")
    Shelf = Annotated[PageRequest, paged("sold_at")]  # noqa: N806

    @app.get("/api/v1/cups", dependencies=[public])
    async def endpoint(page: Shelf) -> Reply[int]:
        return Reply(page.limit)

    serve = lambda_handler(app)
    for query in ("page=2", "include_total=true", "page_size=5"):
        event = http_event("GET", "/api/v1/cups") | {"rawQueryString": query}
        assert serve(event, context())["statusCode"] == 422, query


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_every_sentence_is_one_for_people(kind):
    facts = {"min_length": 1, "expected": "'a', 'b' or 'c'"}
    text, params = explain(kind, facts)
    assert text[0].isupper()
    assert text.endswith(".")
    assert not {"{", "Input", "Value", "validation"} & {*text.split(), *text}
    assert params == {"limit": 1, "allowed": ["a", "b", "c"]}


def test_a_pattern_says_what_it_asks_for_and_is_not_shown():
    pattern = form("^[0-9]{9}$", "Must be nine digits.")
    assert has_form(pattern)
    assert explain("string_pattern_mismatch", {"pattern": pattern}) == ("Must be nine digits.", {})
    assert "[" not in form_of("^[a-z]$")


def test_what_pydantic_may_yet_invent_has_a_sentence():
    text, _ = explain("a_type_of_tomorrow", {"ge": 3})
    assert text == "Is not valid here."
    assert "hunter2" not in json.dumps(refused({"name": "hunter2", "price": GOOD["price"]}))
