"""Three columns, one per order."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from shared.kernel.money import Money
from tools.shop.demo.life import Life


def columns(lives: Sequence[Life]) -> Table:
    """Return the lives side by side."""
    grid = Table.grid(expand=True)
    for _ in lives:
        grid.add_column(ratio=1)
    grid.add_row(*(_column(life) for life in lives))
    return grid


def _column(life: Life) -> Panel:
    story = life.story
    return Panel(
        Group(_order(life), Text(), _observations(life), Text(), *_findings(life)),
        title=f"[bold]{story.title}",
        border_style=story.colour,
    )


def _order(life: Life) -> Text:
    text = Text(f"{life.quantity} x {life.product.mnemonic}\n")
    text.append(f"{life.before.available} in stock, {life.story.payment_method}\n", "dim")
    if life.order:
        total = Money(life.order.total.amount, life.order.total.currency)
        text.append(f"total {total.format()}\n")
        text.append(life.order.id, "dim")
    return text


def _observations(life: Life) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="dim")
    for moment in life.observations:
        style = f"bold {life.story.colour}" if moment.is_state else ""
        mark = "●" if moment.is_state else "·"
        table.add_row(f"{moment.seconds:.2f} s", Text(f"{mark} {moment.text}", style))
    return table


def _findings(life: Life) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for finding in life.findings:
        if finding.agrees:
            lines.append(Text.assemble(("✓ ", "green"), f"{finding.about}: {finding.found}"))
        else:
            text = f"✗ {finding.about}: {finding.found}, not {finding.expected}"
            lines.append(Text(text, "bold red"))
    return lines
