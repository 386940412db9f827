"""Which migrations each context's table has, for the task and for the command that runs them.

Written by ``python -m tools.build.known_migrations``: one line a context that has some.
"""

from collections.abc import Mapping, Sequence

from shared.catalog.adapters.migrations import MIGRATIONS as CATALOG
from shared.identity.adapters.migrations import MIGRATIONS as IDENTITY
from shared.orders.adapters.migrations import MIGRATIONS as ORDERS
from shared.platform.migrations.migration import Migration

MIGRATIONS: Mapping[str, Sequence[Migration]] = {
    "catalog": CATALOG,
    "identity": IDENTITY,
    "orders": ORDERS,
}
"""Context → its migrations, oldest first."""
