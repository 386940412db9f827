"""botocore's descriptions of services, read once a process instead of once a session.

Every test has sessions of its own, since what they know of credentials and endpoints is its own.
The files say the same to all of them: botocore shares what it read among the clients of a session,
and this shares it among sessions. Reading them was half of what testing a function cost.
(What it works out from the endpoints' file it keeps in place, from that file alone.)
"""

from typing import Any

import botocore.session
from botocore.loaders import Loader, create_loader

_kept: dict[str | None, dict[Any, Any]] = {}


def read_once() -> None:
    """Have the sessions that are made from now on share what they read of botocore's files."""
    botocore.session.create_loader = _sharing


def _sharing(search_path_string: str | None = None) -> Loader:
    loader = create_loader(search_path_string)
    vars(loader)["_cache"] = _kept.setdefault(search_path_string, {})
    return loader
