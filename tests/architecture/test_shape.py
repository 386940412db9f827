"""Every context has one shape: whoever knows one finds their way in all (docs/architecture.md)."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.check.project import ROOT

CONTEXTS = sorted(path.parent.name for path in (ROOT / "shared").glob("*/wiring.py"))
ALWAYS = {"__init__.py", "README.md", "adapters", "domain", "http", "ports.py", "wiring.py"}
SOMETIMES = {"api.py", "consumers.py", "published.py", "queries", "tasks.py", "use_cases"}
VAGUE = {"items", "keys", "lists", "models", "reader", "readers", "reading", "repository", "utils"}
"""Names that do not say of what: an adapter is called after what it keeps, reads or speaks to."""

Named = ast.ClassDef | ast.FunctionDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(path: Path) -> list[Named]:
    """The classes and functions at a module's top."""
    return [node for node in tree(path).body if isinstance(node, Named)]


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__")


def classes_of(module: str) -> str:
    return "".join(part.capitalize() for part in module.split("_"))


def parts(context: Path) -> Iterator[str]:
    """What is in the context's folder and has no place there, and what is missing."""
    found = {path.name for path in context.iterdir()} - {"__pycache__"}
    yield from (f"{name} is missing" for name in ALWAYS - found)
    yield from (f"{name} has no place" for name in found - ALWAYS - SOMETIMES)


def messages(context: Path) -> Iterator[str]:
    """In use_cases and queries X is the message, and XHandler's one argument is it."""
    for path in [*modules(context / "use_cases"), *modules(context / "queries")]:
        name = classes_of(path.stem)
        known = {node.name: node for node in named(path)}
        aliases = {
            node.target.id
            for node in tree(path).body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        handlers = [each for each in known if each.endswith("Handler")]
        calls = [
            node
            for each in handlers
            for node in known[each].body
            if isinstance(node, ast.FunctionDef) and node.name == "__call__"
        ]
        if handlers != [f"{name}Handler"] or len(calls) != 1:
            yield f"{path.stem} has no {name}Handler alone that can be called"
            continue
        arguments = [*calls[0].args.posonlyargs, *calls[0].args.args, *calls[0].args.kwonlyargs][
            1:
        ]
        asked = [ast.unparse(each.annotation or ast.Constant(None)) for each in arguments]
        taken = set(re.split(r" \| ", asked[0])) if len(asked) == 1 else set()
        if name not in taken or not taken <= known.keys() | aliases:
            yield f"{name}Handler does not take {name}"


def http_modules(context: Path, functions: Path) -> Iterator[str]:
    """A module in http is for all endpoints, or for the one whose name it has."""
    endpoints = {path.parent.name for path in functions.glob("*/handler.py")}
    for path in modules(context / "http"):
        general = re.fullmatch(r"(?:\w+_)?(?:views|parameters)", path.stem)
        if not general and path.stem not in endpoints:
            yield f"http/{path.stem} is no endpoint's"
    for handler in sorted(functions.glob("*/handler.py")):
        own = {handler.parent.name, re.sub(r"_v\d+$", "", handler.parent.name)}
        for node in ast.walk(tree(handler)):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            place = node.module.split(".")
            if place[:3] != ["shared", context.name, "http"] or len(place) != 4:
                continue
            general = re.fullmatch(r"(?:\w+_)?(?:views|parameters)", place[3])
            if not general and place[3] not in own:
                yield f"{handler.parent.name} imports {place[3]}'s module"


def reader_of(event: str) -> Callable[[str], bool]:
    """Tell whether a function reads the event: `on_<event>`, or `on_<event>_for_<use case>`."""
    name = f"on_{event.replace('.', '_')}"
    return lambda called: called == name or called.startswith(f"{name}_for_")


def readers_of_events(context: Path, functions: Path) -> Iterator[str]:
    """consumers.py has `on_<event>` functions, and a handler reads an event with its own."""
    path = context / "consumers.py"
    public = [node.name for node in named(path)] if path.exists() else []
    for name in public:
        if not name.startswith(("on_", "_")):
            yield f"consumers.{name} is not called after an event"
    for handler in sorted(functions.glob("*/handler.py")):
        for node in ast.walk(tree(handler)):
            if not isinstance(node, ast.FunctionDef):
                continue
            events = [
                argument.value
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "consumer.on"
                for argument in decorator.args
                if isinstance(argument, ast.Constant)
            ]
            calls = {
                ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)
            }
            missing = [event for event in events if not any(map(reader_of(event), calls))]
            if missing:
                yield f"{handler.parent.name} does not read {', '.join(missing)} with its function"


def adapters(context: Path) -> Iterator[str]:
    """Units of work, readers and the rest are where their names say."""
    for path in modules(context / "adapters"):
        if path.stem in VAGUE:
            yield f"adapters/{path.stem} does not say of what"
        for node in named(path):
            if node.name.endswith("UnitOfWork") and path.stem != "unit_of_work":
                yield f"{node.name} is not in adapters/unit_of_work"
            if node.name.endswith("Reader") and not path.stem.endswith("_reader"):
                yield f"{node.name} is in no adapters/<read>_reader"


def faults(context: Path, functions: Path) -> list[str]:
    """What is not in the shape."""
    return [
        *sorted(parts(context)),
        *messages(context),
        *http_modules(context, functions),
        *readers_of_events(context, functions),
        *adapters(context),
    ]


@pytest.mark.parametrize("name", CONTEXTS)
def test_a_context_has_the_shape(name: str) -> None:
    assert faults(ROOT / "shared" / name, ROOT / "functions" / name) == []


def test_all_contexts_are_looked_at() -> None:
    assert set(CONTEXTS) == {path.parent.name for path in (ROOT / "functions").glob("*/Makefile")}


_IMPORT = "from shared.weather.http.get_forecast import A"
GOOD = {
    "shared/weather/README.md": "",
    "shared/weather/__init__.py": "",
    "shared/weather/adapters/unit_of_work.py": "class DynamoUnitOfWork: ...",
    "shared/weather/adapters/forecast_reader.py": "class ForecastReader: ...",
    "shared/weather/consumers.py": "def on_rain_fell(event): ...",
    "shared/weather/domain/rain.py": "",
    "shared/weather/http/views.py": "",
    "shared/weather/http/get_forecast.py": "",
    "shared/weather/ports.py": "",
    "shared/weather/queries/get_forecast.py": "class GetForecast: ...\n"
    "class GetForecastHandler:\n    def __call__(self, query: GetForecast) -> None: ...",
    "shared/weather/wiring.py": "",
    "functions/weather/get_forecast/handler.py": _IMPORT,
    "functions/weather/get_forecast_v2/handler.py": _IMPORT,
    "functions/weather/water/handler.py": "@consumer.on('rain.fell')\n"
    "def fell(event):\n    get_service(Water)(on_rain_fell(event))",
}


def planted(root: Path, changes: dict[str, str]) -> list[str]:
    for name, text in {**GOOD, **changes}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return faults(root / "shared/weather", root / "functions/weather")


def test_a_small_context_in_the_shape_has_no_faults(tmp_path: Path) -> None:
    assert planted(tmp_path, {}) == []


_HANDLER = "class GetForecastHandler:\n    def __call__(self, "


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("shared/weather/listing.py", "", "listing.py has no place"),
        (
            "shared/weather/queries/get_forecast.py",
            "class GetForecast:\n    def __call__(self, day: str): ...",
            "get_forecast has no GetForecastHandler alone that can be called",
        ),
        (
            "shared/weather/queries/get_forecast.py",
            f"class GetForecast: ...\n{_HANDLER}day: str): ...",
            "GetForecastHandler does not take GetForecast",
        ),
        (
            "shared/weather/queries/get_forecast.py",
            f"class GetForecast: ...\n{_HANDLER}query: GetForecast, day: str): ...",
            "GetForecastHandler does not take GetForecast",
        ),
        ("shared/weather/http/bodies.py", "", "http/bodies is no endpoint's"),
        (
            "functions/weather/get_rain/handler.py",
            "from shared.weather.http.get_forecast import A",
            "get_rain imports get_forecast's module",
        ),
        (
            "shared/weather/consumers.py",
            "def on_rain_fell(event): ...\ndef rain_command(event): ...",
            "consumers.rain_command is not called after an event",
        ),
        (
            "functions/weather/water/handler.py",
            "@consumer.on('rain.fell', 'snow.fell')\ndef fell(event):\n    on_rain_fell(event)",
            "water does not read snow.fell with its function",
        ),
        ("shared/weather/adapters/items.py", "", "adapters/items does not say of what"),
        (
            "shared/weather/adapters/rain.py",
            "class RainUnitOfWork: ...",
            "RainUnitOfWork is not in adapters/unit_of_work",
        ),
        (
            "shared/weather/adapters/rain.py",
            "class RainReader: ...",
            "RainReader is in no adapters/<read>_reader",
        ),
    ],
)
def test_what_is_out_of_shape_is_named(tmp_path: Path, path: str, text: str, fault: str) -> None:
    assert planted(tmp_path, {path: text}) == [fault]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    planted(tmp_path, {})
    (tmp_path / "shared/weather/ports.py").unlink()
    found = faults(tmp_path / "shared/weather", tmp_path / "functions/weather")
    assert found == ["ports.py is missing"]
