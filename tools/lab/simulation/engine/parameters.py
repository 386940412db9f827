"""The parameters that the engine knows; anything else is not ignored but refused loudly."""

_EXPRESSION = ("ExpressionAttributeNames", "ExpressionAttributeValues")
_WRITE = (
    "TableName",
    "ConditionExpression",
    *_EXPRESSION,
    "ReturnConsumedCapacity",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
)
_PAGES = (
    "TableName",
    "IndexName",
    "ConsistentRead",
    "ExclusiveStartKey",
    "FilterExpression",
    "Limit",
    "ProjectionExpression",
    *_EXPRESSION,
    "ReturnConsumedCapacity",
    "Select",
)

PARAMETERS = {
    operation: frozenset(names)
    for operation, names in {
        "GetItem": (
            "TableName",
            "Key",
            "ConsistentRead",
            "ProjectionExpression",
            "ExpressionAttributeNames",
            "ReturnConsumedCapacity",
        ),
        "PutItem": ("Item", *_WRITE),
        "UpdateItem": ("Key", "UpdateExpression", *_WRITE),
        "DeleteItem": ("Key", *_WRITE),
        "Query": ("KeyConditionExpression", "ScanIndexForward", *_PAGES),
        "Scan": ("Segment", "TotalSegments", *_PAGES),
        "BatchGetItem": ("RequestItems", "ReturnConsumedCapacity"),
        "BatchWriteItem": ("RequestItems", "ReturnConsumedCapacity"),
        "TransactWriteItems": (
            "TransactItems",
            "ClientRequestToken",
            "ReturnConsumedCapacity",
        ),
        "TransactGetItems": ("TransactItems", "ReturnConsumedCapacity"),
        "DescribeTable": ("TableName",),
    }.items()
}
