"""Every check, removed one at a time: generated from the code and the templates, never listed.

A mutant is one check less; `tests/authorization/test_mutants.py` wants the matrix to notice each.
"""

import ast
import copy
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from fastapi import Request

from shared.platform.http.app import lambda_handler
from shared.kernel.errors import PermissionDenied
from shared.platform.access.permissions import Principal, Role
from shared.platform.access.security import (
    WITHOUT_CSRF_TOKEN,
    CsrfTokenRefused,
    Reach,
    require_recent_login,
)
from tools.check.project import ROOT, functions_of
from tools.check.resources import translate
from tools.lab.authorization.endpoints import CATCH_ALL, Endpoint, authorized_routes
from tools.lab.authorization.matrix import Cell, cells
from tools.lab.authorization.table import Table
from tools.lab.authorization.world import OWNER, World
from tools.lab.privileges.symbols import System
from tools.local.templates import Template

SECURITY = ROOT / "shared" / "platform" / "access" / "security.py"
"""Whatever is raised there is about who is calling."""


@dataclass
class Mutant:
    """One check less: *endpoint* is where it was, or *module* whose code several routes share.

    *protected* is what the gateway does with the changed template. Who is not *opening* asks for
    more than is declared.
    """

    name: str
    endpoint: Endpoint | None = None
    module: str = ""
    opening: bool = True
    protected: bool | None = None
    source: str | None = None
    overrides: dict[Any, Any] = field(default_factory=dict)
    code: tuple[list[FunctionType], CodeType] | None = None

    def cells(self, endpoints: list[Endpoint]) -> list[Cell]:
        """Return the cells that may notice, the likely ones first.

        Who lets somebody in is noticed by whom the table refuses, and the other way round.
        Only the order follows from this: a mutant that nobody notices has been tried at all.
        """
        table = Table.read()
        found = [
            cell
            for endpoint in self._where(endpoints)
            for cell in cells(endpoint, table, thorough=False)
        ]
        return sorted(found, key=lambda cell: cell.is_refused != self.opening)

    def _where(self, endpoints: list[Endpoint]) -> list[Endpoint]:
        if self.endpoint is not None:
            return [self.endpoint]
        _, service, *_ = self.module.split(".")
        near = [each for each in endpoints if each.service == service] or endpoints
        return sorted(near, key=lambda each: (self.module not in each.modules, not each.asks_who))

    @contextmanager
    def applied(self, world: World) -> Iterator[Any]:
        """Remove the check; yields the handler to call instead of the endpoint's own, if any."""
        if self.code is not None:
            functions, changed = self.code
            originals = [function.__code__ for function in functions]
            for function in functions:
                function.__code__ = changed
            try:
                yield None
            finally:
                for function, original in zip(functions, originals, strict=True):
                    function.__code__ = original
        elif self.source is not None and self.endpoint is not None:
            world.enter(self.endpoint.function)
            module = ModuleType("mutant")
            exec(compile(self.source, "mutant", "exec"), vars(module))  # noqa: S102
            yield module.handler
        elif self.overrides and self.endpoint is not None:
            app = self.endpoint.module.app
            app.dependency_overrides = self.overrides
            try:
                yield lambda_handler(app)
            finally:
                app.dependency_overrides = {}
        else:
            yield None


def rules(endpoints: list[Endpoint]) -> Iterator[Mutant]:
    """Each route without its rule; a public one with the demand to log in."""
    for endpoint in endpoints:
        path = ROOT / "functions" / endpoint.function / "handler.py"
        tree = ast.parse(path.read_text("utf-8"))
        public = endpoint.rule.kind == "public"
        imported = "from shared.platform.access.security import require_permission as _logged_in\n"
        for keyword in ast.walk(tree):
            if isinstance(keyword, ast.keyword) and keyword.arg == "dependencies":
                login = "[_logged_in()]" if public else "[]"
                keyword.value = ast.parse(login, mode="eval").body
                name = f"{endpoint.name} {'demands a login' if public else 'without its rule'}"
                source = imported + ast.unparse(tree)
                yield Mutant(name, endpoint, opening=not public, source=source)


def permissions(endpoints: list[Endpoint]) -> Iterator[Mutant]:
    """Each route that takes whoever is logged in, whatever they may do."""
    for endpoint in endpoints:
        if endpoint.rule.kind == "public":
            continue
        path = ROOT / "functions" / endpoint.function / "handler.py"
        tree = ast.parse(path.read_text("utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and _demands_a_right(call):
                call.func = ast.Name("require_permission", ast.Load())
                call.args = []
                yield Mutant(f"{endpoint.name} for any role", endpoint, source=ast.unparse(tree))


def freshness(endpoints: list[Endpoint]) -> Iterator[Mutant]:
    """Each route that asks for a recent log-in: taking any, and one of a minute more."""

    async def any_age(_: Request) -> None:
        return None

    for endpoint in endpoints:
        for each in endpoint.dependencies:
            if hasattr(each, "freshness"):
                name = f"{endpoint.name} after a log-in of any age"
                yield Mutant(name, endpoint, overrides={each: any_age})
                longer = require_recent_login(minutes=each.freshness.minutes + 1).dependency
                name = f"{endpoint.name} after a log-in that is a minute older"
                yield Mutant(name, endpoint, overrides={each: longer})


def _demands_a_right(call: ast.Call) -> bool:
    name = getattr(call.func, "id", "")
    return name.startswith("require_") and name != require_recent_login.__name__


def declarations(endpoints: list[Endpoint]) -> Iterator[Mutant]:
    """Each object-level declaration answered as for somebody who may do everything."""

    async def everybodys(_: Request) -> Reach:
        return Reach(user_id=OWNER, everybodys=True)

    async def the_owner(_: Request) -> Principal:
        return Principal(id=OWNER, roles=frozenset({Role.CUSTOMER}))

    async def granted(_: Request) -> bool:
        return True

    for endpoint in endpoints:
        if endpoint.method == "HEAD":  # the declarations of GET, and an answer that shows nothing
            continue
        for each in endpoint.dependencies:
            if hasattr(each, "ownership"):
                others = each.ownership.others
                instead = everybodys if others else the_owner
                yield Mutant(
                    f"{endpoint.name} whoever owns it", endpoint, overrides={each: instead}
                )
            if hasattr(each, "reserve"):
                name = f"{endpoint.name} with {each.reserve.permission} for all"
                yield Mutant(name, endpoint, overrides={each: granted})


def refusals(root: Path = ROOT) -> Iterator[Mutant]:
    """Each place in the code that refuses for want of a right, not refusing."""
    kinds = {each.__name__ for each in _kinds_of(PermissionDenied)}
    for path in sorted((root / "shared").rglob("*.py")):
        text = path.read_text("utf-8")
        whole = compile(text, str(path), "exec")
        for number, node in enumerate(_raises(ast.parse(text))):
            if not (path == SECURITY or _denies(node, kinds) or _wants_csrf_token(node)):
                continue
            tree = ast.parse(text)
            _Without(list(_raises(tree))[number]).visit(tree)
            changed = compile(ast.fix_missing_locations(tree), str(path), "exec")
            place = _place(whole, node.lineno)
            name = f"{path.relative_to(root)}:{node.lineno} does not refuse"
            module = ".".join(path.relative_to(root).with_suffix("").parts)
            swap = _living(path, place), _code_at(changed, place)
            yield Mutant(name, module=module, code=swap)


def templates(system: System, endpoints: list[Endpoint]) -> Iterator[Mutant]:
    """Each route's `Auth` the other way round: asked where it is not, not asked where it is."""
    for endpoint in endpoints:
        asked = endpoint.name in authorized_routes(translate(_turned_round(system, endpoint)))
        if asked != endpoint.protected:
            verb = "asks" if asked else "does not ask"
            name = f"the gateway {verb} the authorizer at {endpoint.name}"
            yield Mutant(name, endpoint, opening=not asked, protected=asked)


def _turned_round(system: System, endpoint: Endpoint) -> Template:
    """Return its stack's template with the one route's `Auth` changed."""
    stack, _ = system.functions()[endpoint.function]
    template = copy.deepcopy(system.templates[stack])
    # A service without an authorizer would have nothing to ask.
    authorizer = system.templates["catalog"]["Resources"]["Api"]["Properties"]["Auth"]
    template["Resources"]["Api"]["Properties"].setdefault("Auth", authorizer)
    template["Parameters"].setdefault("AuthorizerFunctionArn", {"Type": "String"})
    for properties in functions_of(template).values():
        for event in properties.get("Events", {}).values():
            route = event["Properties"]
            if event["Type"] != "HttpApi" or route["Path"] == CATCH_ALL:
                continue
            if (route["Method"].upper(), route["Path"]) == (endpoint.method, endpoint.path):
                route.pop("Auth", None)
                if endpoint.protected:
                    route["Auth"] = {"Authorizer": "NONE"}
    return template


class _Without(ast.NodeTransformer):
    def __init__(self, target: ast.Raise) -> None:
        self._target = target

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:  # ast's own name
        if node is not self._target:
            return node
        # Left where it is, so that the function goes on with the same variables.
        never = ast.Compare(ast.Constant(0), [ast.Gt()], [ast.Constant(1)])
        return ast.copy_location(ast.If(never, [node], []), node)


def _raises(tree: ast.AST) -> Iterator[ast.Raise]:
    yield from (each for each in ast.walk(tree) if isinstance(each, ast.Raise) and each.exc)


def _kinds_of(error: type[Exception]) -> Iterator[type[Exception]]:
    """Yield *error* and all its subclasses that have been imported."""
    yield error
    for each in error.__subclasses__():
        yield from _kinds_of(each)


def _denies(node: ast.Raise, kinds: set[str]) -> bool:
    """Tell whether *node* refuses for want of a right: hiding something, or one of *kinds*."""
    call = node.exc
    if not isinstance(call, ast.Call):
        return False
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == "hiding"
    return getattr(call.func, "id", "") in kinds


def _wants_csrf_token(node: ast.Raise) -> bool:
    """Tell whether *node* refuses a change by a cookie alone."""
    said = [getattr(each, "value", getattr(each, "id", "")) for each in ast.walk(node)]
    return WITHOUT_CSRF_TOKEN in said or CsrfTokenRefused.__name__ in said


Place = tuple[str, int]
"""Name and first line of a function."""


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _functions(constant)


def _place(whole: CodeType, line: int) -> Place:
    """Return the innermost function with *line* in it."""
    around = [each for each in _functions(whole) if line in {at for *_, at in each.co_lines()}]
    innermost = max(around, key=lambda each: each.co_firstlineno)
    return innermost.co_name, innermost.co_firstlineno


def _code_at(whole: CodeType, place: Place) -> CodeType:
    return next(c for c in _functions(whole) if (c.co_name, c.co_firstlineno) == place)


def _living(path: Path, place: Place) -> list[FunctionType]:
    """Return the functions of this process that are *place*, closures included."""
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType)
        and each.__code__.co_filename == str(path)
        and (each.__code__.co_name, each.__code__.co_firstlineno) == place
    ]
