"""Generations of tags that change in the transaction of what they stand for.

    uow.stage(new_generation("product:1"))

An entry of before the commit is stale from that commit on, whether or not the writer lives to
say so. The tag's writers own its generation, so its cache is set up not to start one.
"""

from shared.kernel.ids import new_id
from shared.platform.cache.dynamo import entry_write
from shared.platform.cache.keys import generation_key
from shared.platform.dynamodb.writes import Write

_FOR_EVER = 2**40  # epoch seconds; an item that lost its generation could not be cached again


def new_generation(tag: str) -> Write:
    """Return the write that makes every entry with *tag* stale when it commits."""
    return entry_write(generation_key(tag), new_id(), expires_at=_FOR_EVER)
