"""Keep the tables between two runs, whatever became of the templates in between.

The emulator can save its own state, but then a changed template cannot be deployed over it and
streams skip as many records as they had before. So the items are kept, by service and table, and
put into the freshly deployed tables. Messages still in a queue are not kept.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.identity.adapters.key_ring import KEY
from tools.local.access import StackAccess

# Of a mapping's description, what creating it again takes.
MAPPING_SETTINGS = (
    "EventSourceArn",
    "BatchSize",
    "MaximumBatchingWindowInSeconds",
    "FunctionResponseTypes",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
    "DestinationConfig",
    "FilterCriteria",
)
BATCH = 25  # items per BatchWriteItem


def save_tables(stack: StackAccess, folder: Path) -> int:
    """Write every table's items to *folder*, one file each; return how many items."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = 0
    for file, table in _tables(stack, folder):
        pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        items = [item for page in pages for item in page["Items"] if not _is_of_a_run(item)]
        lines = (json.dumps(item, default=_encode_bytes) + "\n" for item in items)
        file.write_text("".join(lines), "utf-8")
        saved += len(items)
    return saved


def restore_tables(stack: StackAccess, folder: Path) -> int:
    """Put back what `save_tables` wrote and return how many items; no event is sent again."""
    found = [(file, table) for file, table in _tables(stack, folder) if file.exists()]
    if not found:
        return 0
    dynamodb, restored = stack.client("dynamodb"), 0
    mappings = _take_stream_mappings(stack)
    for file, table in found:
        lines = file.read_text("utf-8").splitlines()
        items = [json.loads(line, object_hook=_decode_bytes) for line in lines]
        for start in range(0, len(items), BATCH):
            puts = [{"PutRequest": {"Item": item}} for item in items[start : start + BATCH]]
            dynamodb.batch_write_item(RequestItems={table: puts})
        restored += len(items)
    for mapping in mappings:
        stack.client("lambda").create_event_source_mapping(**mapping, StartingPosition="LATEST")
    return restored


def _is_of_a_run(item: dict[str, Any]) -> bool:
    """The published keys are halves of a secret that every run has anew."""
    return bool(item["PK"]["S"] == KEY["PK"])


def _tables(stack: StackAccess, folder: Path) -> Iterator[tuple[Path, str]]:
    for service, deployed in stack.description.services.items():
        for logical_id, table in deployed.tables.items():
            yield folder / f"{service}.{logical_id}.jsonl", table


def _take_stream_mappings(stack: StackAccess) -> list[dict[str, Any]]:
    """Delete the mappings of table streams; return what it takes to create them again."""
    client, taken = stack.client("lambda"), []
    for page in client.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if ":dynamodb:" in mapping["EventSourceArn"]:
                client.delete_event_source_mapping(UUID=mapping["UUID"])
                settings = {key: mapping[key] for key in MAPPING_SETTINGS if mapping.get(key)}
                taken.append(settings | {"FunctionName": mapping["FunctionArn"]})
    return taken


def _encode_bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(f"not an attribute value: {value!r}")


def _decode_bytes(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value
