"""Generated parts of a Markdown file, between two comments that name them."""

import re
from collections.abc import Iterable, Sequence


def replace_section(text: str, name: str, content: str) -> str:
    """Return *text* with what stands between ``<!-- name -->`` and ``<!-- /name -->`` replaced.

    Raises ``ValueError`` when the file has no such section.
    """
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"no section <!-- {name} --> … <!-- /{name} -->")
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
