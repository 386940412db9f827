"""How summaries and the facts behind them look in the table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shared.customers.domain.summary import CustomerSummary
from shared.platform.dynamodb.codec import Item

READ_MODEL = "customer_summary"
PARTITIONS = "CUSTOMER#"
"""How the partition keys of all generations start."""
_SUMMARY = "SUMMARY"


def partition_prefix(generation: str) -> str:
    """Return how the partition keys of a generation start."""
    return f"{PARTITIONS}{generation}#"


def generation_of(partition: str) -> str:
    """Return the generation that a partition key belongs to."""
    return partition.split("#", 2)[1]


def summary_key(generation: str, customer_id: str) -> dict[str, str]:
    """Return where a customer's summary is."""
    return {"PK": f"{partition_prefix(generation)}{customer_id}", "SK": _SUMMARY}


def facts_key(generation: str, customer_id: str, order_id: str) -> dict[str, str]:
    """Return where the facts of a customer's order are."""
    return {"PK": f"{partition_prefix(generation)}{customer_id}", "SK": f"ORDER#{order_id}"}


def summary_item(summary: CustomerSummary) -> Item:
    """Return the attributes of a summary, without keys and version."""
    return asdict(summary)


def summary_of(item: Mapping[str, Any]) -> CustomerSummary:
    """Return the summary that an item holds."""
    return CustomerSummary(
        **{name: item[name] for name in CustomerSummary.__dataclass_fields__ if name in item}
    )
