"""Reads that are behind: what is decided on them was so a moment ago."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_READING = "shared/platform/dynamodb/reading.py"
_EVENT_SOURCED = "shared/platform/dynamodb/event_sourced.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "batch read behind",
        "stock, prices and rules are those of a moment ago",
        _READING,
        '"ConsistentRead": True}}',
        '"ConsistentRead": False}}',
    ),
    mutant(
        "item read behind",
        "what was just made is not there yet, or is shown as it was",
        _READING,
        "            ConsistentRead=consistent,\n",
        "            ConsistentRead=False,\n",
    ),
    mutant(
        "history folded from a copy",
        "an order is refused for what it no longer is, or cannot be found",
        _EVENT_SOURCED,
        "                ConsistentRead=True,\n",
        "",
    ),
    mutant(
        "answer looked up in a copy",
        "a request that was answered a moment ago is carried out once more",
        "shared/platform/entry/commands.py",
        "settings().table_name, idempotency_key(request))",
        "settings().table_name, idempotency_key(request), consistent=False)",
    ),
    mutant(
        "order shown from a copy",
        "who has just ordered does not find the order",
        "shared/orders/adapters/order_reader.py",
        "get_item(self._client, self._table, key)",
        "get_item(self._client, self._table, key, consistent=False)",
    ),
    mutant(
        "payment shown from a copy",
        "a payment is shown as it was",
        "shared/payments/adapters/payment_reader.py",
        "get_item(self.client, self.table, key)",
        "get_item(self.client, self.table, key, consistent=False)",
    ),
)
