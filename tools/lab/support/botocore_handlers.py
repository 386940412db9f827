"""Botocore's handlers, registered in a part of the time.

A session registers some 130 handlers, and a client copies them. For each, botocore reads the
function's signature and compares the event's name with all names that events once had. Neither
can differ from one session to the next, so both are found once a process: this was a sixth of
what a test of a function took, which has sessions of its own.
"""

from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import botocore.hooks
import botocore.session

_hooks: Any = botocore.hooks
_session: Any = botocore.session
_accepts_kwargs = _hooks.accepts_kwargs
_names: dict[str, str] = {}
_accepting: WeakKeyDictionary[FunctionType, Any] = WeakKeyDictionary()


class Aliaser(_hooks.EventAliaser):  # type: ignore[misc]  # botocore's stubs have half of it
    """Finds an event's present name once a process, where the aliases are botocore's own."""

    def __init__(self, event_emitter: Any, event_aliases: Any = None) -> None:
        super().__init__(event_emitter, event_aliases)
        if self._event_aliases == _hooks.EVENT_ALIASES:
            self._alias_name_cache = _names


def register_quickly() -> None:
    """Have the sessions that are made from now on share what they find of their handlers."""
    _session.EventAliaser = Aliaser
    _hooks.accepts_kwargs = remembering


def remembering(func: Any) -> Any:
    """Return what botocore says of *func*; methods are not kept, lest their objects stay."""
    if not isinstance(func, FunctionType):
        return _accepts_kwargs(func)
    if func not in _accepting:
        _accepting[func] = _accepts_kwargs(func)
    return _accepting[func]
