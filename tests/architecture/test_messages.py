"""Every answer opens with a sentence of the one catalogue."""

import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator, Mapping

import pytest

import shared
from shared.kernel.errors import DomainError
from shared.kernel.messages import TEMPLATES, say
from tests.architecture.test_routes import ENDPOINTS
from tools.check.project import ROOT

pytestmark = pytest.mark.row("API-09")

_ROUTE = re.compile(r"[A-Z]+ /")
_STATUSES = ("200", "201", "202", "503")


def refusals() -> list[type[DomainError]]:
    """Every class of refusal in the product."""
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        importlib.import_module(module.name)

    def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return [each for each in below(DomainError) if each.__module__.startswith("shared.")]


def codes_of_refused_requests(source: str) -> list[str]:
    """The codes that this source makes `RequestRefused` with and no message."""
    return [
        call.args[1].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "RequestRefused"
        and len(call.args) == 2
        and isinstance(call.args[1], ast.Constant)
    ]


def unsaid(wanted: list[str], templates: Mapping[str, str] = TEMPLATES) -> list[str]:
    """What of *wanted* has no sentence."""
    return sorted({each for each in wanted if each not in templates})


def routes() -> list[str]:
    return [f"{event['Method'].upper()} {event['Path']}" for _, event in ENDPOINTS]


def test_every_endpoint_has_a_sentence_for_success() -> None:
    assert len(routes()) > 15
    assert unsaid(routes()) == []


def test_every_refusal_has_a_sentence() -> None:
    codes = [kind.code for kind in refusals()]
    assert len(codes) > 30
    assert unsaid(codes) == []


def test_every_refused_request_has_a_sentence() -> None:
    codes = [
        code
        for path in (ROOT / "shared").rglob("*.py")
        for code in codes_of_refused_requests(path.read_text())
    ]
    assert len(codes) >= 7
    assert unsaid(codes) == []


def test_no_sentence_is_left_over_from_an_endpoint_that_has_gone() -> None:
    said = {key for key in TEMPLATES if _ROUTE.match(key)}
    assert said == set(routes())


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_sentence_is_one(key: str) -> None:
    names = [name for _, name, _, _ in string.Formatter().parse(TEMPLATES[key]) if name]
    sentence = say(key, **dict.fromkeys(names, "1"))
    assert re.fullmatch(r"[A-Z0-9].*\.", sentence)
    assert "{" not in sentence
    if key in _STATUSES:
        assert names == []


def test_lists_are_read_out() -> None:
    assert say("MIXED_CURRENCIES", currencies=["EUR", "USD"]).endswith("in EUR, USD.")


def test_the_gates_can_fail() -> None:
    assert unsaid(["GET /api/v9/nothing", "200"]) == ["GET /api/v9/nothing"]
    assert codes_of_refused_requests('raise RequestRefused(418, "TEAPOT", size=1)') == ["TEAPOT"]
    with pytest.raises(KeyError):
        say("BODY_TOO_LARGE")
