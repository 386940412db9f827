"""Conditions and filters: read into nodes, then compiled to a function over an item."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.lab.simulation.engine.functions import FUNCTIONS, Function
from tools.lab.simulation.engine.lexer import DocumentPath, Reader
from tools.lab.simulation.engine.operands import Operand, operand, refuse_repetition, refuse_sizes
from tools.lab.simulation.engine.operators import between, compared, one_of, refuse_operand
from tools.lab.simulation.engine.values import Value

Test = Callable[[Mapping[str, Value], Mapping[str, Value]], bool]
Check = Callable[[Mapping[str, Value]], None]
COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_MAX_IN, _MAX_OPERATORS = 100, 300


@dataclass(frozen=True, slots=True)
class Node:
    """An operator and what it applies to: nodes for AND, OR, NOT; operands for all others."""

    operator: str
    nodes: tuple["Node", ...] = ()
    operands: tuple[Operand, ...] = ()

    def operators(self) -> int:
        """Return how many operators and functions there are, each AND and OR counted."""
        joints = len(self.nodes) - 1 if self.operator in {"AND", "OR"} else 1
        return joints + sum(node.operators() for node in self.nodes)

    def paths(self) -> set[DocumentPath]:
        """Return every path that the condition looks at."""
        own = {it.path for it in self.operands if it.path is not None}
        return own.union(*(node.paths() for node in self.nodes))


def condition(reader: Reader) -> Node:
    """Take a whole condition."""
    node = _disjunction(reader)
    reader.finish()
    if node.operators() > _MAX_OPERATORS:
        raise reader.wrong(
            f"The expression contains too many operators; operator count: {node.operators()}"
        )
    return node


def compiled(node: Node, kind: str) -> tuple[Test, list[Check]]:
    """Return the test, and checks of literal operands for each request (they refuse)."""
    checks: list[Check] = []
    return _compiled(node, kind, checks), checks


def _disjunction(reader: Reader) -> Node:
    nodes = [_conjunction(reader)]
    while reader.accept("OR"):
        nodes.append(_conjunction(reader))
    return nodes[0] if len(nodes) == 1 else Node("OR", tuple(nodes))


def _conjunction(reader: Reader) -> Node:
    nodes = [_negation(reader)]
    while reader.accept("AND"):
        nodes.append(_negation(reader))
    return nodes[0] if len(nodes) == 1 else Node("AND", tuple(nodes))


def _negation(reader: Reader) -> Node:
    if reader.accept("NOT"):
        return Node("NOT", (_negation(reader),))
    if reader.peek() == "(":
        return reader.enclosed(_disjunction)
    name = reader.peek()
    if name in FUNCTIONS and reader.peek(1) == "(":
        return _call(reader)
    return _comparison(reader)


def _call(reader: Reader) -> Node:
    name = reader.take()
    reader.expect("(")
    operands = [operand(reader)]
    while reader.accept(","):
        operands.append(operand(reader))
    reader.expect(")")
    FUNCTIONS[name].refuse_shape(reader, operands)
    return Node(name, operands=tuple(operands))


def _comparison(reader: Reader) -> Node:
    left = operand(reader)
    if reader.accept("BETWEEN"):
        low = operand(reader)
        reader.expect("AND")
        return _distinct(reader, "BETWEEN", (left, low, operand(reader)))
    if reader.accept("IN"):
        return _distinct(reader, "IN", (left, *_choices(reader)))
    if reader.peek() not in COMPARATORS:
        raise reader.unexpected()
    operator = reader.take()
    return _distinct(reader, operator, (left, operand(reader)))


def _distinct(reader: Reader, operator: str, operands: tuple[Operand, ...]) -> Node:
    refuse_repetition(reader, operator, operands)
    return Node(operator, operands=operands)


def _choices(reader: Reader) -> list[Operand]:
    reader.expect("(")
    choices = [operand(reader)]
    while reader.accept(","):
        choices.append(operand(reader))
    reader.expect(")")
    if len(choices) > _MAX_IN:
        raise reader.wrong(
            "Invalid number of operands for operator or function; operator or function: IN,"
            f" number of operands: {len(choices)}"
        )
    return choices


def _compiled(node: Node, kind: str, checks: list[Check]) -> Test:
    tests = [_compiled(inner, kind, checks) for inner in node.nodes]
    match node.operator:
        case "AND":
            return lambda item, values: all(test(item, values) for test in tests)
        case "OR":
            return lambda item, values: any(test(item, values) for test in tests)
        case "NOT":
            return lambda item, values: not tests[0](item, values)
        case _:
            return _compiled_operator(node, kind, checks)


def _compiled_operator(node: Node, kind: str, checks: list[Check]) -> Test:
    gets = [it.getter() for it in node.operands]
    if any(it.sized and it.path is None for it in node.operands):
        checks.append(lambda values: refuse_sizes(node.operands, values, kind))
    function: Function | None = FUNCTIONS.get(node.operator)
    if function is not None:
        checks.extend(function.checks(node.operands, kind))
        return function.compile(gets)
    if node.operator == "IN":
        return one_of(gets)
    if node.operator in {"=", "<>"}:
        return compared(node.operator, gets)
    checks.append(lambda values: refuse_operand(node.operator, node.operands, values, kind))
    return between(gets) if node.operator == "BETWEEN" else compared(node.operator, gets)
