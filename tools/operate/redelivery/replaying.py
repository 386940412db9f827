"""Replay stored events into one consumer, segment by segment, with progress."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.entry.workers import Workers
from tools.operate.redelivery.invoking import Invoke, until_done


def replay(invoke: Invoke, asked: Mapping[str, Any], console: Console, *, segments: int) -> int:
    """Replay; return how many events went to the consumer.

    A span of time is read in *segments* at once; an aggregate's stream is one.
    """
    parts: list[Mapping[str, Any]] = [asked]
    if "aggregate" not in asked:
        parts = [{**asked, "segment": each, "segments": segments} for each in range(segments)]
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("segments, {task.fields[looked_at]} items read, {task.fields[sent]} sent"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress, Workers(len(parts)) as pool:
        task = progress.add_task(asked["consumer"], total=len(parts), looked_at=0, sent=0)
        counts: dict[str, Any] = {"looked_at": 0, "sent": 0}

        def run(part: Mapping[str, Any]) -> None:
            for answer in until_done(invoke, part):
                for name in counts:
                    counts[name] += answer[name]
                progress.update(task, **counts)
            progress.advance(task)

        for finished in [pool.submit(run, part) for part in parts]:
            finished.result()
    sent: int = counts["sent"]
    return sent
