"""The versions that a change is meant for: ``If-Match`` (RFC 9110 §13.1.1)."""

import re
from typing import Annotated

from fastapi import Depends, Header

from shared.platform.http.middleware.asgi import GZIP_TAG

_ETAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'  # §8.8.3
_LIST = re.compile(rf"[ \t]*(?:,[ \t]*)*{_ETAG}(?:[ \t]*,[ \t]*(?:{_ETAG})?)*[ \t]*")  # §5.6.1.2
_TAG = re.compile(_ETAG)
_OUR_TAG = re.compile(rf'"(0|[1-9][0-9]{{0,17}})(?:{GZIP_TAG})?"')  # read compressed, or not


async def _if_match(
    if_match: Annotated[str | None, Header(max_length=1_000, examples=['"3"'])] = None,
) -> frozenset[int] | None:
    """Read ``If-Match``: strong tags only, or ``*`` alone for any version (``None``).

    A header that the grammar does not allow names no version, so nothing matches it: whoever sent
    a condition is not changed anything for without it.
    """
    if if_match is None or if_match.strip(" \t") == "*":
        return None
    if not _LIST.fullmatch(if_match):
        return frozenset()
    ours = (_OUR_TAG.fullmatch(tag) for tag in _TAG.findall(if_match))
    return frozenset(int(tag[1]) for tag in ours if tag)


IfMatch = Annotated[frozenset[int] | None, Depends(_if_match)]
"""The versions that the caller is willing to change; ``None`` for any."""
