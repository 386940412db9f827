"""What must hold when nothing fails any more and nothing is under way."""

from typing import Any

from tools.lab.simulation.checks import migrations
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.flags import Flags
from tools.lab.simulation.checks.markers import Markers
from tools.lab.simulation.checks.pages import Pages
from tools.lab.simulation.checks.rest import (
    deliveries,
    letters,
    mailboxes,
    models,
    notifications,
    sagas,
    summaries,
)


def at_rest(world: Any, books: Books, markers: Markers, pages: Pages, flags: Flags) -> None:
    """Hold everything that is left to everything that happened."""
    deliveries.check(world, books, markers)
    sagas.check(books)
    migrations.check(books)
    models.check(books)
    summaries.check(books)
    pages.check()
    flags.at_rest()
    notifications.check(world, books, flags)
    letters.check(world, books)
    mailboxes.check(world, books)
