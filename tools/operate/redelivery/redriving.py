"""Show, put back and discard dead letters."""

import json
from collections import Counter
from typing import Any, NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.operate.redelivery.invoking import Invoke, until_done


def show_depths(invoke: Invoke, console: Console) -> int:
    """Show how many dead letters every consumer has; return how many there are."""
    waiting: dict[str, int] = invoke({})["dead_letters"]
    table = Table("consumer", "dead letters")
    for consumer, count in waiting.items():
        table.add_row(consumer, f"[red]{count}[/]" if count else "0")
    console.print(table)
    return sum(waiting.values())


def show_dead_letters(invoke: Invoke, consumer: str, console: Console) -> int:
    """Show some of a consumer's dead letters with their reasons; return how many there are."""
    answer = invoke({"consumer": consumer, "look": True})
    for message in answer["letters"]:
        console.print(f"[red]{escape(message['reason'])}[/]  {escape(_about(message))}")
    console.print(f"{answer['remaining']} dead letters of {consumer}")
    remaining: int = answer["remaining"]
    return remaining


class Redriven(NamedTuple):
    """How many dead letters were put back, and how many their queue refused."""

    moved: int
    refused: int


def redrive(invoke: Invoke, consumer: str, console: Console, *, limit: int) -> Redriven:
    """Put up to *limit* dead letters back; what their queue refuses stays where it is."""
    reasons: Counter[str] = Counter()
    moved = refused = 0
    for answer in until_done(invoke, {"consumer": consumer, "limit": limit}):
        moved, refused = moved + answer["moved"], refused + answer.get("refused", 0)
        reasons.update(answer["reasons"])
        console.print(f"{consumer}: {moved} put back, about {answer['remaining']} left")
    for reason, count in reasons.most_common():
        console.print(f"{count:6d} x {escape(reason)}")
    if refused:
        console.print(f"[red]{refused} refused by the queue: they stay among the dead letters[/]")
    return Redriven(moved, refused)


def discard(invoke: Invoke, consumer: str, console: Console, *, why: str, limit: int) -> int:
    """Throw up to *limit* dead letters away; return how many. *why* is on record for each."""
    reasons: Counter[str] = Counter()
    gone = 0
    for answer in until_done(invoke, {"consumer": consumer, "limit": limit, "discard": why}):
        gone += answer["discarded"]
        reasons.update(answer["reasons"])
        console.print(f"{consumer}: {gone} discarded, about {answer['remaining']} left")
    for reason, count in reasons.most_common():
        console.print(f"{count:6d} x {escape(reason)}")
    return gone


def _about(message: dict[str, Any]) -> str:
    again = message["attributes"].get("redrives")
    suffix = f", put back {again} times before" if again else ""
    try:
        detail = json.loads(message["body"])["detail"]
        return f"{detail['type']} {detail['id']}{suffix}"
    except (ValueError, KeyError, TypeError):
        return f"{message['body'][:80]}{suffix}"
