"""What must hold when nothing fails any more and nothing is under way."""

from typing import Any

from tests.simulation.checks.books import Books
from tests.simulation.checks.markers import Markers
from tests.simulation.checks.pages import Pages
from tests.simulation.checks.rest import deliveries, models, sagas, told


def at_rest(world: Any, books: Books, markers: Markers, pages: Pages) -> None:
    """Hold everything that is left to everything that happened."""
    deliveries.check(world, books, markers)
    sagas.check(books)
    models.check(books)
    pages.check()
    told.check(world, books)


__all__ = ["at_rest"]
