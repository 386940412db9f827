"""How stock looks in the table, and how it is moved and adjusted there."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.inventory.domain.balance import PARTS, Balance, Movement
from shared.inventory.domain.reservation import Movements
from shared.inventory.domain.stock import Stock
from shared.platform.dynamodb.events import partition
from shared.platform.dynamodb.writes import STATE, Write, update


def stock_key(product_id: str) -> dict[str, str]:
    """Return the key of a product's stock."""
    return {"PK": partition(Stock.aggregate_type, product_id), "SK": STATE}


def balance_of(item: Mapping[str, Any]) -> Balance:
    """Return the balance that a stock item holds."""
    return Balance(**{part: item[part] for part in PARTS})


def stock_of(item: Mapping[str, Any]) -> Stock:
    """Return the stock that an item holds."""
    return Stock(item["id"], balance=balance_of(item), version=item["version"])


def move_writes(movements: Movements) -> Iterator[Write]:
    """Yield the update of each balance.

    Amounts are added, not set, and only what is taken is looked at: orders for the same product
    do not make each other stale while there is enough for all.
    """
    for product_id, movement in movements.items():
        expression, condition, values = _addition(movement)
        yield update(stock_key(product_id), expression, condition=condition, values=values)


def adjust_write(stock: Stock, movement: Movement) -> Write:
    """Return the update of an adjusted stock: adjustments take turns by version."""
    expression, condition, values = _addition(movement, every_part=True)
    first = stock.committed_version == 0
    turn = "attribute_not_exists(PK)" if first else "#version = :committed"
    if not first:
        values[":committed"] = stock.committed_version
    return update(
        stock_key(stock.id),
        f"{expression} SET #version = :version, id = :id",
        condition=turn if first or not condition else f"{turn} AND {condition}",
        values={**values, ":version": stock.version, ":id": stock.id},
        names={"#version": "version"},
    )


def _addition(
    movement: Movement, *, every_part: bool = False
) -> tuple[str, str | None, dict[str, Any]]:
    """Return update expression, condition (``None`` if nothing is taken) and their values."""
    amounts = {part: getattr(movement, part) for part in PARTS}
    changed = {part: by for part, by in amounts.items() if by or every_part}
    # "received" falls with "available" when units are written off, and needs no look of its own.
    taken = {part: -by for part, by in changed.items() if by < 0 and part != "received"}
    values: dict[str, Any] = {f":{part}": by for part, by in changed.items()}
    values |= {f":min_{part}": least for part, least in taken.items()}
    expression = "ADD " + ", ".join(f"{part} :{part}" for part in changed)
    condition = " AND ".join(f"{part} >= :min_{part}" for part in taken)
    return expression, condition or None, values
