"""Short ways to write the calls of an example; they are on one item of `MIXED`."""

from typing import Any

from tools.lab.engines.difference import Step
from tools.lab.engines.generator.reads import PAGES
from tools.lab.engines.tables import MIXED

Value = dict[str, Any]
KEY: dict[str, Value] = {"pk": {"S": "p"}, "sk": {"S": "k"}}


def text(content: str) -> Value:
    return {"S": content}


def number(content: str | int) -> Value:
    return {"N": str(content)}


def put(attributes: dict[str, Value] | None = None, **request: Any) -> Step:
    """Return a put of the item; *attributes* may replace its key."""
    return "PutItem", {"TableName": MIXED, "Item": {**KEY, **(attributes or {})}, **request}


def update(expression: str, values: dict[str, Value] | None = None, **request: Any) -> Step:
    given = {"ExpressionAttributeValues": values} if values else {}
    asked = {"TableName": MIXED, "Key": KEY, "UpdateExpression": expression}
    return "UpdateItem", {**asked, **given, **request}


def get(**request: Any) -> Step:
    return "GetItem", {"TableName": MIXED, "Key": KEY, **request}


def check(condition: str, values: dict[str, Value] | None = None) -> Step:
    """Return a delete that happens where *condition* holds."""
    given = {"ExpressionAttributeValues": values} if values else {}
    asked = {"TableName": MIXED, "Key": KEY, "ConditionExpression": condition}
    return "DeleteItem", {**asked, **given}


def transact(*members: dict[str, Any], **request: Any) -> Step:
    return "TransactWriteItems", {"TransactItems": list(members), **request}


def member(step: Step, kind: str = "") -> dict[str, Any]:
    """Return a single write as an action of a transaction."""
    return {kind or step[0].removesuffix("Item"): step[1]}


def query(condition: str, values: dict[str, Value], **request: Any) -> Step:
    asked = {"TableName": MIXED, "KeyConditionExpression": condition}
    return "Query", {**asked, "ExpressionAttributeValues": values, **request}


def pages(condition: str, values: dict[str, Value], **request: Any) -> Step:
    return PAGES, query(condition, values, **request)[1]
