"""The file format in its variants."""

from pathlib import Path

import pytest

from tools.shop.replay.source import (
    NotThisFormat,
    date_format,
    first_invoices,
    parse_date,
    read_rows,
)

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINE = "536365,22086,VOUCHER £20,6,12/1/2010 8:26,2.55,17850,EIRE"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "invoices.csv"
    file.write_bytes(f"{HEADER}\n{LINE}\n".encode(encoding))
    (row,) = read_rows(file)
    assert (row.number, row.description, row.customer) == (2, "VOUCHER £20", "17850")


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    """As in the second edition of the data set, in any order."""
    file = tmp_path / "invoices.csv"
    file.write_text(
        "Country,Customer ID,Price,InvoiceDate,Quantity,Description,StockCode,Invoice\n"
        "EIRE,17850.0,2.55,2010-12-01 08:26:00,6,LANTERN,22086,536365\n"
        "\n"
        "EIRE,17850.0\n"
    )
    full, short = read_rows(file)
    assert (full.invoice, full.code, full.price) == ("536365", "22086", "2.55")
    assert (short.number, short.invoice, short.country) == (4, "", "EIRE")


@pytest.mark.parametrize("content", ["", "a,b,c\n1,2,3\n"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.csv"
    file.write_text(content)
    with pytest.raises(NotThisFormat, match="invoiceno, stockcode"):
        read_rows(file)


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["12-01-2010 08:26"], "2010-12-01"),
        (["12/1/2010 8:26", "12/13/2010 9:00"], "2010-12-01"),
        (["01/12/2010 08:26", "13/12/2010 09:00"], "2010-12-01"),
        (["2010-12-01 08:26:00"], "2010-12-01"),
        (["1/12/10 08:26"], "2010-01-12"),
    ],
)
def test_the_date_format_is_that_of_the_whole_file(dates: list[str], first: str) -> None:
    date = parse_date(dates[0], date_format(dates))
    assert date
    assert f"{date:%Y-%m-%d}" == first


def test_the_limit_counts_whole_invoices(tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    lines = [LINE, LINE.replace("536365", "536366"), LINE]
    file.write_text("\n".join([HEADER, *lines]))
    rows = read_rows(file)
    assert [row.number for row in first_invoices(rows, 1)] == [2, 4]
    assert first_invoices(rows, None) == rows
