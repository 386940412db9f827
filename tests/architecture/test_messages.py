"""The catalogue of all sentences: each error and each endpoint has one, and it is English."""

import ast
import importlib
import pkgutil
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import shared
from shared.kernel.errors import DomainError, PermissionDenied
from shared.kernel.messages import say
from shared.platform.http.endpoint import DONE
from shared.platform.http.error_map import STATUS_OF
from shared.platform.runtime.errors import DeadlineExceeded, SystemFault
from tests.architecture.test_routes import ENDPOINTS
from tools.check.project import ROOT

pytestmark = pytest.mark.row("API-09")

WITHOUT_ENVELOPE = {"functions/identity/get_jwks/handler.py"}
GIVEN = {"count", "names"}
"""What replies give beside the path's parameters and the data."""


def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """Every class of the product that is a *kind*, itself included."""
    if kind.__module__.startswith("shared."):
        yield kind
    for each in kind.__subclasses__():
        yield from below(each)


def errors() -> list[type[BaseException]]:
    """Every class of error that an answer can be made of."""
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        importlib.import_module(module.name)
    return [*below(DomainError), *below(SystemFault), DeadlineExceeded]


def sentence_of(error: type[BaseException]) -> str:
    """What an error of this class says, before it is filled in."""
    said: str = error.sentence if issubclass(error, DomainError) else error.public_message  # type: ignore[attr-defined]
    return said


def without_a_sentence(kinds: Iterable[type[BaseException]]) -> list[str]:
    """The refusals that have a code of their own and say what another one says."""
    return sorted(
        kind.__name__
        for kind in kinds
        if issubclass(kind, DomainError) and "code" in vars(kind) and "sentence" not in vars(kind)
    )


def ambiguous(kinds: Iterable[type[BaseException]]) -> dict[str, set[str]]:
    """The codes that mean several things: what a program does about each is not the same."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        known = next(each for each in kind.__mro__ if each in STATUS_OF)
        meanings[kind.code].add(f"{known.__name__} ({STATUS_OF[known]})")  # type: ignore[attr-defined]
    return {code: found for code, found in meanings.items() if len(found) > 1}


def says(source: str) -> list[str]:
    """The sentences that a handler's source gives to `create_app`."""
    given = [
        keyword.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "create_app"
        for keyword in call.keywords
        if keyword.arg == "says"
    ]
    found = [ast.literal_eval(each) for each in given]
    return [
        text for each in found for text in (each.values() if isinstance(each, dict) else [each])
    ]


def unknown_names(sentence: str, path: str) -> set[str]:
    """What *sentence* names that no answer of the route gives."""
    names = set(names_in(sentence))
    known = GIVEN | set(names_in(path))
    return {name for name in names if name not in known and not name.startswith("data.")}


def names_in(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def refused_requests(source: str) -> list[tuple[str, str]]:
    """Code and sentence of every `RequestRefused` that this source makes, where they are given."""
    return [
        (ast.unparse(call.args[1]), ast.unparse(call.args[2]))
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "RequestRefused"
    ]


def plain(sentence: str) -> bool:
    """Whether this is one sentence, with a capital and a full stop."""
    return re.fullmatch(r"[A-Z{].*[^.]\.", sentence) is not None


ERRORS = errors()
SPEAKING = [
    pytest.param(handler, event, id=f"{event['Method']} {event['Path']}")
    for handler, event in ENDPOINTS
    if handler.relative_to(ROOT).as_posix() not in WITHOUT_ENVELOPE
]


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    assert len(ERRORS) > 50
    assert without_a_sentence(ERRORS) == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_an_error_says_a_sentence(error: type[BaseException]) -> None:
    assert plain(sentence_of(error))


def test_a_code_means_one_thing() -> None:
    assert ambiguous(kind for kind in ERRORS if issubclass(kind, DomainError)) == {}


def test_a_contexts_refusals_stand_in_its_domain() -> None:
    homes = {kind.__module__ for kind in ERRORS}
    core = re.compile(r"shared\.(kernel|platform)\..*|shared\.\w+\.domain\.errors")
    assert {home for home in homes if not core.fullmatch(home)} == set()


@pytest.mark.parametrize(("handler", "event"), SPEAKING)
def test_an_endpoint_says_what_it_has_done(handler: Path, event: dict[str, str]) -> None:
    sentences = says(handler.read_text())
    assert sentences
    for sentence in sentences:
        assert plain(sentence)
        assert sentence != DONE
        assert unknown_names(sentence, event["Path"]) == set()


def test_every_refused_request_is_given_a_sentence() -> None:
    found = [
        each
        for path in (ROOT / "shared").rglob("*.py")
        for each in refused_requests(path.read_text())
    ]
    assert len(found) >= 7
    assert [code for code, _ in found if not re.fullmatch(r"'[A-Z_]+'|code", code)] == []


def test_numbers_bring_their_nouns() -> None:
    sentence = "{count:order is|orders are} stuck."
    said = [say(sentence, count=count) for count in (0, 1, 2)]
    assert said == ["0 orders are stuck.", "1 order is stuck.", "2 orders are stuck."]


def test_lists_are_read_out() -> None:
    assert say("Prices in {currencies}.", currencies=["EUR", "USD"]) == "Prices in EUR, USD."


def test_a_sentence_reaches_into_what_it_is_given() -> None:
    found = SimpleNamespace(id="o-1", total=SimpleNamespace(amount=2.5))
    sentence = "{data.id}: {data.total.amount:.2f}, {{as it is}}."
    assert say(sentence, data=found) == "o-1: 2.50, {as it is}."


def test_what_is_filled_in_is_not_read_as_a_sentence() -> None:
    assert say("Product {id} does not exist.", id="{0.__class__}") == (
        "Product {0.__class__} does not exist."
    )


def test_the_gates_can_fail() -> None:
    class Silent(DomainError):
        code = "SILENT"

    class Denied(PermissionDenied):
        code = "SILENT"

    assert without_a_sentence([Silent]) == ["Silent"]
    assert ambiguous([Silent, Denied]) == {
        "SILENT": {"DomainError (400)", "PermissionDenied (403)"}
    }
    assert says("app = create_app('orders')") == []
    assert unknown_names("Order {orders_id} of {data.user}.", "/{order_id}") == {"orders_id"}
    assert not plain("1 orders")
    with pytest.raises(KeyError):
        say("Order {order_id}.")
