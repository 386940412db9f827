"""Random update expressions."""

from tools.lab.engines.generator.conditions import Conditions
from tools.lab.engines.generator.dice import Dice, Placeholders
from tools.lab.engines.generator.values import COUNTS, Value, for_attribute, number, of_kind, value
from tools.lab.engines.tables import MIXED

_ANY = ("a", "b", "c", "status", "bin")


class Updates:
    """Makes update expressions for an item of *table*."""

    def __init__(self, dice: Dice, given: Placeholders, table: str) -> None:
        self._dice = dice
        self._given = given
        self._table = table
        self._paths = Conditions(dice, given)

    def expression(self) -> str:
        """Return one to three sections; their paths are mostly different."""
        sections = self._dice.some(("SET", "SET ", "REMOVE", "ADD", "DELETE"), 3)
        taken: set[str] = set()
        parts = []
        for section in dict.fromkeys(it.strip() for it in sections):
            make = getattr(self, f"_{section.lower()}")
            actions = [make(taken) for _ in range(self._dice.number(1, 2))]
            kept = [action for action in actions if action]
            if kept:
                parts.append(f"{section} {', '.join(kept)}")
        return (
            " ".join(parts) or f"SET {self._given.name('c')} = {self._value(number(self._dice))}"
        )

    def _free(self, taken: set[str], names: tuple[str, ...]) -> str:
        """Return an attribute that no other action has; an empty text if there is none."""
        if self._dice.chance(0.01):
            return self._dice.pick(names)
        free = [name for name in names if name not in taken]
        if not free:
            return ""
        chosen = self._dice.pick(free)
        taken.add(chosen)
        return chosen

    def _set(self, taken: set[str]) -> str:
        dice, name = self._dice, self._given.name
        attribute = self._free(taken, (*_ANY, "n", "n", "l", "l", "m", "m", "ss", "g1", "g2"))
        if attribute in ("g1", "g2"):
            return self._index_key(attribute)
        match attribute:
            case "":
                return ""
            case "n":
                return f"{name('n')} = {self._sum()}"
            case "l" if dice.chance(0.7):
                return self._in_list()
            case "m" if dice.chance(0.7):
                inner = dice.pick(("x", "y", "z", "z[0]", "q.r"))
                return f"{name('m')}.{inner} = {self._value(value(dice, depth=1))}"
            case _:
                return f"{name(attribute)} = {self._right(attribute)}"

    def _index_key(self, attribute: str) -> str:
        dice = self._dice
        if self._table != MIXED or dice.chance(0.02):
            return f"{attribute} = {self._value(value(dice))}"
        fresh = {"S": dice.pick("gh")} if attribute == "g1" else {"N": dice.pick(COUNTS)}
        return f"{attribute} = {self._value(fresh)}"

    def _right(self, attribute: str) -> str:
        dice = self._dice
        literal = self._value(for_attribute(dice, attribute))
        if dice.chance(0.2):
            return f"if_not_exists({self._paths.path()}, {literal})"
        return self._paths.path() if dice.chance(0.15) else literal

    def _sum(self) -> str:
        dice, own = self._dice, self._given.name("n")
        start = own
        if dice.chance(0.5):
            start = f"if_not_exists({own}, {self._value({'N': '0'})})"
        other = self._value(number(dice) if dice.chance(0.99) else value(dice))
        operator = dice.pick(("+", "-"))
        return f"{other} {operator} {start}" if dice.chance(0.2) else f"{start} {operator} {other}"

    def _in_list(self) -> str:
        dice, own = self._dice, self._given.name("l")
        if dice.chance(0.5):
            return f"{own}[{dice.number(0, 4)}] = {self._value(value(dice, depth=1))}"
        more = self._value(of_kind(dice, "L", depth=1))
        start = f"if_not_exists({own}, {self._value({'L': []})})" if dice.chance(0.6) else own
        return f"{own} = list_append({', '.join(dice.pick(((start, more), (more, start))))})"

    def _remove(self, taken: set[str]) -> str:
        attribute = self._free(taken, (*_ANY, "l", "m", "g1", "g2"))
        if attribute in ("l", "m"):
            return self._paths.path((attribute,))
        return self._given.name(attribute) if attribute else ""

    def _add(self, taken: set[str]) -> str:
        attribute = self._free(taken, ("n", "n", "ss", "ns", "bs", "c"))
        return self._member(attribute, "N") if attribute else ""

    def _delete(self, taken: set[str]) -> str:
        attribute = self._free(taken, ("ss", "ns", "bs", "c"))
        return self._member(attribute, "SS") if attribute else ""

    def _member(self, attribute: str, otherwise: str) -> str:
        kinds = {"n": "N", "ss": "SS", "ns": "NS", "bs": "BS"}
        kind = kinds.get(attribute, otherwise)
        if self._dice.chance(0.01):
            kind = self._dice.pick(("S", "L", "N", "NS"))
        return f"{self._given.name(attribute)} {self._value(of_kind(self._dice, kind))}"

    def _value(self, literal: Value) -> str:
        return self._given.value(literal)
