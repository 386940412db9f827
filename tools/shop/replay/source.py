"""Reads files of the UCI "Online Retail" format, in the variants that go around.

Format: https://doi.org/10.24432/C5BW33 (Chen, 2015) and its second edition "Online Retail II".
"""

import csv
import io
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tools.entry.guard import ToolError

# The second edition and the spreadsheets made of it name some columns differently.
_COLUMNS = {
    "invoice": ("invoiceno", "invoice"),
    "code": ("stockcode",),
    "description": ("description",),
    "quantity": ("quantity",),
    "date": ("invoicedate",),
    "price": ("unitprice", "price"),
    "customer": ("customerid",),
    "country": ("country",),
}
# Month first where both are possible: the data set was published that way.
_DATE_FORMATS = tuple(
    f"{day} {time}"
    for day, time in itertools.product(
        ("%m-%d-%Y", "%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y", "%d-%m-%Y", "%d/%m/%Y"),
        ("%H:%M", "%H:%M:%S"),
    )
)


class NotThisFormat(ToolError):
    """The file lacks columns of the format; the message names them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it stands in the file, trimmed; *number* counts from 2, after the header."""

    number: int
    invoice: str
    code: str
    description: str
    quantity: str
    date: str
    price: str
    customer: str
    country: str


def read_rows(file: Path) -> list[Row]:
    """Return the lines of *file*, which is UTF-8 or else Latin-1; raises `NotThisFormat`."""
    reader = csv.reader(io.StringIO(_decode(file.read_bytes()), newline=""))
    header = ["".join(name.split()).lower() for name in next(reader, [])]
    places = {field: _place(header, names) for field, names in _COLUMNS.items()}
    missing = [_COLUMNS[field][0] for field, place in places.items() if place is None]
    if missing:
        raise NotThisFormat(f"{file} has no column {', '.join(missing)}.")
    return list(_rows(reader, [place for place in places.values() if place is not None]))


def first_invoices(rows: Iterable[Row], limit: int | None) -> list[Row]:
    """Return the lines of the first *limit* invoices, each of them whole; None means all."""
    wanted: set[str] = set()
    kept = []
    for row in rows:
        if limit is None or row.invoice in wanted or len(wanted) < limit:
            wanted.add(row.invoice)
            kept.append(row)
    return kept


def date_format(dates: Collection[str]) -> str:
    """Return the `strptime` format that fits most of *dates*; the same one holds for a file."""
    return max(_DATE_FORMATS, key=lambda f: sum(parse_date(date, f) is not None for date in dates))


@cache
def parse_date(text: str, form: str) -> datetime | None:
    """Return the date, local time of the shop without a zone; None if it is not of that form."""
    with suppress(ValueError):
        return datetime.strptime(text, form)  # noqa: DTZ007  # the file gives no zone
    return None


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _rows(reader: Iterator[list[str]], places: Sequence[int]) -> Iterator[Row]:
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            padded = cells + [""] * (max(places) + 1 - len(cells))
            yield Row(number, *(padded[place].strip() for place in places))
