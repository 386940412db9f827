"""Random attribute values: few, so that they meet again; odd, so that rules are met."""

from typing import Any

from tools.lab.engines.generator.dice import Dice
from tools.lab.engines.tables import BLOBS, COUNTED, MIXED

Value = dict[str, Any]
TEXTS = ("x", "xy", "y", "xyz", "é", "é€", "😀", "\uffff", "x y", "10", "9")
NUMBERS = ("0", "1", "2", "-1", "10", "9", "0.5", "-0.5", "1.0", "1e2", "100")
ODD_NUMBERS = (
    "-0",
    "0.00",
    "+7",
    "007",
    ".5",
    "5.",
    "1E-130",
    "9.9999999999999999999999999999999999999E+125",
    "99999999999999999999999999999999999999",
    "-99999999999999999999999999999999999999",
    "0.12345678901234567890123456789012345678",
)
BAD_NUMBERS = ("", "abc", "NaN", "Infinity", "1e126", "1e-131", "1_0", " 1", "--1", "1" * 39)
BYTES = ("AQ==", "Ag==", "AQI=", "AQID", "/w==", "fw==")
_MEMBERS = {"SS": TEXTS, "NS": ("1", "2.0", "10", "9", "-1"), "BS": BYTES}
ATTRIBUTES = ("a", "b", "c", "n", "l", "m", "ss", "ns", "bs", "status", "bin")
_KINDS = {"n": "N", "l": "L", "m": "M", "ss": "SS", "ns": "NS", "bs": "BS", "bin": "B"}


def text(dice: Dice) -> Value:
    return {"S": dice.pick(TEXTS)}


def number(dice: Dice) -> Value:
    if dice.chance(0.08):
        return {"N": dice.pick(ODD_NUMBERS)}
    return {"N": dice.pick(NUMBERS[:3] if dice.chance(0.6) else NUMBERS)}


def value(dice: Dice, depth: int = 0) -> Value:
    """Return a value of any type that DynamoDB takes."""
    kinds = [(6, "S"), (6, "N"), (1, "B"), (1, "BOOL"), (1, "NULL"), (1, "set")]
    nested = [(3, "L"), (3, "M")] if depth < 2 else []
    return of_kind(dice, dice.weighted([*kinds, *nested]), depth)


def of_kind(dice: Dice, kind: str, depth: int = 0) -> Value:
    """Return a value of *kind*; ``set`` stands for any of the three."""
    if kind == "set":
        kind = dice.pick(("SS", "NS", "BS"))
    match kind:
        case "L":
            return {kind: dice.many(0, 3, lambda: value(dice, depth + 1))}
        case "M":
            return {kind: {it: value(dice, depth + 1) for it in dice.some(("x", "y", "z"), 3)}}
        case "SS" | "NS" | "BS":
            return {kind: dice.some(_MEMBERS[kind], 3)}
        case _:
            return _scalar(dice, kind)


def _scalar(dice: Dice, kind: str) -> Value:
    match kind:
        case "S":
            return text(dice)
        case "N":
            return number(dice)
        case "B":
            return {"B": dice.pick(BYTES)}
        case "BOOL":
            return {kind: dice.chance(0.5)}
        case _:
            return {"NULL": True}


def bad_value(dice: Dice) -> Value:
    """Return a value that DynamoDB refuses, or that an old engine does."""
    return dice.pick(
        (
            {"N": dice.pick(BAD_NUMBERS)},
            {"SS": []},
            {"SS": ["x", "x"]},
            {"NS": ["1", "1.0"]},
            {"NULL": False},
            {},
            {"S": "x", "N": "1"},
            {"S": ""},
            {"M": {"x": {"SS": []}}},
            {"L": [{"N": "abc"}]},
        )
    )


def for_attribute(dice: Dice, name: str) -> Value:
    """Return a value of the attribute's usual type, now and then of another."""
    if dice.chance(0.003):
        return bad_value(dice)
    if name in _KINDS and dice.chance(0.85):
        return of_kind(dice, _KINDS[name])
    return value(dice)


def key(dice: Dice, table: str) -> dict[str, Value]:
    """Return the key of an item: there are few, so that calls meet on them."""
    match table:
        case "Mixed":
            return {"pk": {"S": dice.pick("ppq")}, "sk": {"S": _often(dice, SORTS)}}
        case "Counted":
            return {"pk": {"S": dice.pick("ppq")}, "sk": {"N": _often(dice, COUNTS)}}
        case _:
            return {"pk": {"B": dice.pick(BYTES[:3])}}


def _often(dice: Dice, options: tuple[str, ...]) -> str:
    """Choose among the first three mostly: calls are to meet."""
    return dice.pick(options[:3] if dice.chance(0.7) else options)


def bad_key(dice: Dice, table: str) -> dict[str, Value]:
    """Return what is not a key of *table*."""
    good = key(dice, table)
    return dice.pick(
        (
            {"pk": good["pk"]} if table != BLOBS else {**good, "sk": {"S": "x"}},
            {**good, "extra": {"S": "x"}},
            {**good, "pk": {"N": "1"}},
            {**good, "pk": {"B": ""} if table == BLOBS else {"S": ""}},
            {**good, "pk": {"B": "AAAA" * 683} if table == BLOBS else {"S": "x" * 2049}},
            {},
        )
    )


def item(dice: Dice, table: str) -> dict[str, Value]:
    """Return an item with a few attributes, in `MIXED` often with keys of its indexes."""
    made = {name: for_attribute(dice, name) for name in dice.some(ATTRIBUTES, 4)}
    if dice.chance(0.6):
        made.update(a={"S": dice.pick(TEXTS[:4])}, n=number(dice))
    if table == MIXED:
        if dice.chance(0.7):
            made["g1"] = {"S": dice.pick("gh")}
        if dice.chance(0.7):
            made["g2"] = {"N": dice.pick(COUNTS)}
        if dice.chance(0.01):
            made[dice.pick(("g1", "g2"))] = {"BOOL": True}
    if dice.chance(0.004):
        made["a"] = {"S": "x" * dice.pick((409_500, 409_600, 200_000))}
    return {**made, **key(dice, table)}


SORTS = ("1", "2", "k", "k1", "k2", "é", "\uffff", "😀")
COUNTS = ("0", "1", "2", "-1", "10", "9", "1.5", "1e2")
TABLES = ((6.0, MIXED), (2.0, COUNTED), (1.0, BLOBS))
