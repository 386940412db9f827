"""What transactions are made of: each action costs twice its item's size in write units."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient


@contextmanager
def sent_transactions() -> Iterator[list[dict[str, int]]]:
    """Give the transactions sent to DynamoDB: for each, how many actions of which kind.

    DynamoDB Local reports no more than 4 units for a transaction of any size, so that the actions
    are what can be asserted.
    """
    sent: list[dict[str, int]] = []
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noting(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        if operation == "TransactWriteItems":
            actions = [kind for action in parameters["TransactItems"] for kind in action]
            sent.append(dict(Counter(actions)))
        return send(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", noting):
        yield sent
