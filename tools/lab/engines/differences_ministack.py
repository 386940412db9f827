"""Where MiniStack is not DynamoDB: what the stack tests, which run on it, cannot see."""

import re
from collections.abc import Callable

from tools.lab.engines.difference import (
    Difference,
    Explains,
    Step,
    answers,
    never,
    they_say,
    we_say,
)
from tools.lab.engines.examples import (
    KEY,
    check,
    get,
    member,
    number,
    put,
    query,
    text,
    transact,
    update,
)
from tools.lab.engines.outcomes import Outcome
from tools.lab.engines.subjects import MiniStack

_LIST = {"l": {"L": [number(1), number(2), number(3)]}}


def _ministack(
    name: str,
    reason: str,
    explains: Explains,
    *example: Step,
    silent: Callable[[Step], bool] = never,
) -> Difference:
    return Difference(MiniStack.name, name, reason, explains, example, silent)


def _no_attributes(_: Step, ours: Outcome, theirs: Outcome) -> bool:
    return ours.answer == {} and bool(theirs.answer == {"Attributes": {}})


def _changes_positions(step: Step) -> bool:
    """Say whether an update has positions of a list among what it changes."""
    expressions = re.findall(r"'UpdateExpression': '([^']*)'", str(step[1]))
    return any(re.search(r"\w\[\d", expression) for expression in expressions)


def _lists(step: Step, ours: Outcome, theirs: Outcome) -> bool:
    return _changes_positions(step) and answers(ours) and answers(theirs)


def _no_item(step: Step, ours: Outcome, theirs: Outcome) -> bool:
    if step[0] != "TransactGetItems" or ours.error or theirs.error:
        return False
    emptied = [{} if it == {"Item": {}} else it for it in ours.answer["Responses"]]
    same: bool = emptied == theirs.answer["Responses"]
    return same


def _computes(step: Step) -> bool:
    return any(sign in str(step[1]) for sign in ("ADD", " + ", " - "))


def _arithmetic(step: Step, ours: Outcome, theirs: Outcome) -> bool:
    refused = "verflow" in theirs.message or "numeric value" in theirs.message
    rounded = answers(ours) and answers(theirs)
    return _computes(step) and (refused or rounded or "38 significant" in ours.message)


def _invalid_first(_: Step, ours: Outcome, theirs: Outcome) -> bool:
    return "ValidationError" in ours.reasons and "ValidationError" in theirs.reasons


DIFFERENCES = (
    _ministack(
        "numbers as they are written",
        "numbers in sets and keys may be stored, compared and found as they were sent,"
        " so that 2.0 and 2 are two numbers; its sequences have them in canonical form",
        lambda _, ours, theirs: ours.same(theirs.unpadded()),
        transact(member(update("SET x = :v", {":v": {"NS": ["2.0"]}}))),
        get(),
    ),
    _ministack(
        "key attributes after conditions",
        "the condition and the operands are evaluated before the change of a key attribute is"
        " refused, which in a transaction it is not",
        we_say("This attribute is part of the key"),
        update("SET pk = :v", {":v": text("x")}, ConditionExpression="attribute_exists(pk)"),
    ),
    _ministack(
        "unused values",
        "a value counts as used if its name is part of another's",
        we_say("unused in expressions", "can only be specified when using expressions"),
        put(
            ConditionExpression="a = :vv",
            ExpressionAttributeValues={":v": number(1), ":vv": number(1)},
        ),
    ),
    _ministack(
        "operands of any type",
        "types of operands are not checked, neither in conditions nor in updates",
        we_say("ncorrect operand type", "incorrect data type", "Invalid attribute type name"),
        put({"a": text("x")}),
        update("SET a = a + :v", {":v": number(1)}),
    ),
    _ministack(
        "types of what is stored",
        "begins_with on an attribute that is no text is refused; DynamoDB calls it false",
        they_say("operator or function: begins_with"),
        put({"n": number(1)}),
        check("begins_with(n, :v)", {":v": text("1")}),
    ),
    _ministack(
        "overlapping paths",
        "an update may change a path twice",
        we_say("Two document paths"),
        update("SET a = :v, a = :v", {":v": number(1)}),
    ),
    _ministack(
        "repeated operands",
        "an attribute may be compared with itself",
        we_say("first operand must be distinct"),
        put({"a": number(1)}),
        check("a = a"),
    ),
    _ministack(
        "syntax",
        "many a syntax error is read as something, or found only where it is evaluated",
        we_say(
            "Syntax error",
            "redundant parentheses",
            "reserved keyword",
            "only be used once",
            "Invalid function name",
            "can not be empty",
            "not allowed to be used this way",
            "requires a document path",
        ),
        put({"a": number(1)}),
        update("SET a = :v &", {":v": number(2)}),
    ),
    _ministack(
        "paths that lead nowhere",
        "an update through something missing or of another type makes it, or does nothing",
        we_say("document path provided in the update expression is invalid"),
        put(),
        update("REMOVE q.r"),
    ),
    _ministack(
        "nothing returned, as an empty map",
        "Attributes is there and empty where DynamoDB leaves it out",
        _no_attributes,
        put(),
        update("REMOVE q", ReturnValues="UPDATED_OLD"),
    ),
    _ministack(
        "positions in lists",
        "removed one after the other, so that the second removes its neighbour; and returned by"
        " UPDATED_OLD and UPDATED_NEW as the whole list",
        _lists,
        put(_LIST),
        update("REMOVE l[0], l[2]", ReturnValues="ALL_NEW"),
        silent=_changes_positions,
    ),
    _ministack(
        "tokens of rewritten numbers",
        "it remembers a transaction after it has rewritten the numbers in it: the same request"
        " sent again is called another; ours have whole numbers in canonical form",
        they_say("already in use for another request"),
        *[transact(member(put({"n": number("1.0")})), ClientRequestToken="t1")] * 2,
    ),
    _ministack(
        "arithmetic of 28 digits",
        "sums are rounded instead of exact or refused",
        _arithmetic,
        put({"n": number("9" * 38)}),
        update("SET n = n - :v", {":v": number(1)}, ReturnValues="ALL_NEW"),
        silent=_computes,
    ),
    _ministack(
        "sizes of what has none",
        "the size of a number or a truth value is 0; DynamoDB has none to compare",
        lambda step, _, __: "size(" in str(step[1]),
        put({"n": number(1)}),
        check("size(n) >= :v", {":v": number(0)}),
    ),
    _ministack(
        "keys in transactions",
        "an action's key is looked for as it is, wrong attributes and all",
        we_say(
            "does not match the schema", "Member must not be null", "Missing the key", "Size of"
        ),
        transact({"ConditionCheck": {**check("attribute_not_exists(a)")[1], "Key": {}}}),
    ),
    _ministack(
        "invalid actions before conditions",
        "with a wrong key in one action the conditions of the others are not evaluated",
        _invalid_first,
        put(),
        transact(
            member(put({"sk": number(1)})), member(put(ConditionExpression="attribute_exists(a)"))
        ),
    ),
    _ministack(
        "missing tables last",
        "a transaction's other faults are found before a missing table",
        lambda _, ours, theirs: ours.error == "ResourceNotFoundException" and bool(theirs.error),
        transact(member(put()), {"Put": {"TableName": "Missing", "Item": KEY}}, member(put())),
    ),
    _ministack(
        "values in expressions",
        "they are not checked until something is compared with them",
        we_say(
            "Supplied AttributeValue",
            "may not be empty",
            "may not have a empty",
            "must have the value of true",
            "contains duplicates",
            "BETWEEN operator",
            "cannot be converted to a numeric value",
            "Number overflow",
            "Number underflow",
        ),
        query("pk = :p", {":p": text("x"), ":v": {}}, FilterExpression="a = :v"),
    ),
    _ministack(
        "projected to nothing",
        "an item of which nothing was asked for looks as if it did not exist",
        _no_item,
        put(),
        (
            "TransactGetItems",
            {"TransactItems": [{"Get": get(ProjectionExpression="a")[1]}]},
        ),
    ),
    _ministack(
        "key conditions",
        "they may be any condition, and a filter may look at keys",
        we_say("KeyConditionExpression", "Filter Expression can only contain non-primary"),
        put(),
        query("pk = :p AND sk <> :s", {":p": text("p"), ":s": text("s")}),
    ),
)
