"""Random conditions and filters."""

from collections.abc import Callable

from tools.lab.engines.generator.dice import Dice, Placeholders
from tools.lab.engines.generator.values import ATTRIBUTES, TEXTS, for_attribute, number, value

COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
_KINDS = ("S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS")
_ORDERED = ("a", "a", "n", "n", "n", "b")


class Conditions:
    """Makes conditions on *attributes* that refer to *given*."""

    def __init__(
        self, dice: Dice, given: Placeholders, attributes: tuple[str, ...] = ATTRIBUTES
    ) -> None:
        self._dice = dice
        self._given = given
        self._attributes = attributes

    def condition(self, depth: int = 0) -> str:
        """Return the text of a condition."""
        dice = self._dice
        if depth < 2 and dice.chance(0.3):
            joint = dice.pick((" AND ", " OR ", " and ", " or "))
            return joint.join(dice.many(2, 3, lambda: self._part(depth + 1)))
        if dice.chance(0.1):
            return f"NOT {self._part(depth + 1)}"
        return self._simple()

    def path(self, attributes: tuple[str, ...] = ()) -> str:
        """Return a document path."""
        dice, name = self._dice, self._given.name
        attribute = dice.pick(attributes or self._attributes)
        if attribute == "m" and dice.chance(0.6):
            inner = dice.pick(("x", "y", "z", "z[0]", "x.y"))
            return f"{name('m')}.{inner}"
        if attribute == "l" and dice.chance(0.6):
            return f"{name('l')}[{dice.number(0, 3)}]"
        return name(attribute)

    def _part(self, depth: int) -> str:
        inner = self.condition(depth)
        wanted = " AND " in inner.upper() or " OR " in inner.upper()
        return f"({inner})" if wanted or self._dice.chance(0.3) else inner

    def _simple(self) -> str:
        kinds: list[tuple[float, Callable[[], str]]] = [
            (4, self._exists),
            (12, self._comparison),
            (2, self._between),
            (2, self._one_of),
            (2, self._begins),
            (2, self._contains),
            (1.5, self._type),
            (1.5, self._size),
        ]
        return self._dice.weighted(kinds)()

    def _exists(self) -> str:
        name = self._dice.pick(("attribute_exists", "attribute_not_exists"))
        return f"{name}({self.path()})"

    def _comparison(self) -> str:
        dice, given = self._dice, self._given
        operator = dice.pick(COMPARATORS)
        if operator in ("=", "<>"):
            attribute = dice.pick(self._attributes)
            right = given.value(for_attribute(dice, attribute))
            return f"{given.name(attribute)} {operator} {right}"
        attribute = dice.pick(self._usual(_ORDERED))
        left = self.path((attribute,))
        if dice.chance(0.15):
            return f"{left} {operator} {self.path()}"
        literal = number(dice) if attribute == "n" else {"S": dice.pick(TEXTS[:4])}
        if dice.chance(0.01):
            literal = value(dice)
        if dice.chance(0.1):
            return f"{given.value(literal)} {operator} {left}"
        return f"{left} {operator} {given.value(literal)}"

    def _between(self) -> str:
        low, high = sorted(self._dice.number(-2, 12) for _ in range(2))
        if self._dice.chance(0.03):
            low, high = high, low
        bounds = [self._given.value({"N": str(bound)}) for bound in (low, high)]
        return (
            f"{self.path(self._usual(('n', 'a', 'l', 'm')))} BETWEEN {bounds[0]} AND {bounds[1]}"
        )

    def _one_of(self) -> str:
        attribute = self._dice.pick(self._attributes)
        options = self._dice.many(
            1, 3, lambda: self._given.value(for_attribute(self._dice, attribute))
        )
        return f"{self._given.name(attribute)} IN ({', '.join(options)})"

    def _begins(self) -> str:
        start = {"B": "AQ=="} if self._dice.chance(0.2) else {"S": self._dice.pick("xyé")}
        if self._dice.chance(0.02):
            start = {"N": "1"}
        return f"begins_with({self.path()}, {self._given.value(start)})"

    def _contains(self) -> str:
        return f"contains({self.path()}, {self._given.value(value(self._dice, depth=2))})"

    def _type(self) -> str:
        kind = self._given.value({"S": self._dice.pick(_KINDS)})
        return f"attribute_type({self.path()}, {kind})"

    def _size(self) -> str:
        size = self._given.value({"N": str(self._dice.number(0, 4))})
        return f"size({self.path()}) {self._dice.pick(COMPARATORS)} {size}"

    def _usual(self, attributes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(it for it in attributes if it in self._attributes) or self._attributes
