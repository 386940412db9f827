"""The deployed task, invoked until it is done, with a bar for each migration."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from tools.operate.migrate.screen import Bars, table_of
from tools.operate.redelivery.invoking import Invoke, until_done


def show(invoke: Invoke, asked: Mapping[str, Any], console: Console) -> None:
    """Run the migrations that are *asked* for, or show how those of every context stand."""
    if not asked.get("context"):
        console.print(_overview(invoke({})["contexts"]))
        return
    rows: list[Mapping[str, Any]] = []
    examples: dict[str, Any] = {}
    with Bars(console) as bars:
        for answer in until_done(invoke, asked):
            rows = answer["migrations"]
            for row in rows:
                examples[row["id"]] = row["examples"] or examples.get(row["id"], [])
                if row["state"] != "pending":
                    bars.show(
                        row["id"],
                        scanned=row["scanned"],
                        changed=row["changed"],
                        about_items=answer["about_items"],
                    )
    console.print(table_of([{**row, "examples": examples[row["id"]]} for row in rows]))


def _overview(contexts: Mapping[str, Any]) -> Table:
    table = Table("context", "migration", "state", "segments", "items read", "changed")
    for context, rows in contexts.items():
        for row in rows:
            segments = f"{row['segments_done']} of {row['segments']}"
            numbers = f"{row['scanned']:,}", f"{row['changed']:,}"
            table.add_row(
                context, f"{row['id']}\n{row['about']}", row["state"], segments, *numbers
            )
    return table
