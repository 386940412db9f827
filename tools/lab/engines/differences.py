"""Every known difference between the engines, and the table of them for the documentation."""

from tools.lab.engines import differences_local, differences_ministack

DIFFERENCES = (*differences_local.DIFFERENCES, *differences_ministack.DIFFERENCES)


def table() -> str:
    """Return the differences as Markdown."""
    rows = [
        f"| {it.engine} | {it.name} | {it.reason[0].upper()}{it.reason[1:]}. |"
        for it in DIFFERENCES
    ]
    return "\n".join(("| engine | what | why |", "| --- | --- | --- |", *rows))
