"""What every `functions/<context>/<use case>/handler.py` looks like, and what stands beside it."""

import ast
import json
from pathlib import Path

import pytest

from tools.check.project import ROOT, handlers

EVENTS = ROOT / "events"
LONGEST = 20  # lines besides imports and docstring: routing and the call, no logic

every_handler = pytest.mark.parametrize(
    "handler", handlers(), ids=lambda path: "/".join(path.parts[-3:-1])
)


@every_handler
def test_it_has_a_sample_event(handler: Path) -> None:
    sample = EVENTS / handler.parts[-3] / f"{handler.parts[-2]}.json"
    assert isinstance(json.loads(sample.read_text()), dict)


@every_handler
def test_it_is_short_and_says_what_it_is(handler: Path) -> None:
    assert faults(handler.read_text()) == []


@every_handler
def test_it_knows_its_own_context_only(handler: Path) -> None:
    assert foreign_imports(handler.read_text(), handler.parts[-3]) == []


@every_handler
def test_nothing_but_the_handler_is_in_its_zip(handler: Path) -> None:
    assert [path.name for path in handler.parent.rglob("*.py")] == ["handler.py"]


def test_every_sample_event_has_its_handler() -> None:
    named = {"/".join(path.parts[-3:-1]) for path in handlers()}
    samples = EVENTS.glob("*/*.json")
    orphans = [
        sample
        for sample in samples
        if sample.parent.name != "schemas" and f"{sample.parent.name}/{sample.stem}" not in named
    ]
    assert orphans == []


def faults(source: str) -> list[str]:
    """What is wrong with the text of a handler."""
    tree = ast.parse(source)
    names = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    } | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = []
    if not ast.get_docstring(tree):
        found.append("no docstring")
    if "handler" not in names:
        found.append("no handler")
    rest = [node for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]
    if sum((node.end_lineno or 0) - node.lineno + 1 for node in rest) > LONGEST:
        found.append("too long")
    return found


def foreign_imports(source: str, context: str) -> list[str]:
    """Modules of other contexts that a handler of *context* imports."""
    allowed = {"kernel", "platform", context}
    modules = [
        name
        for node in ast.walk(ast.parse(source))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    ]
    return [
        name
        for name in modules
        if name.startswith("shared.") and name.split(".")[1] not in allowed
    ]


class TestTheGatesCanFail:
    def test_a_handler_with_faults(self) -> None:
        assert faults("x = 1\n" * 30) == ["no docstring", "no handler", "too long"]

    def test_a_handler_that_reaches_into_another_context(self) -> None:
        source = "from shared.orders.http.views import view\nimport shared.catalog.wiring\n"
        assert foreign_imports(source, "orders") == ["shared.catalog.wiring"]
