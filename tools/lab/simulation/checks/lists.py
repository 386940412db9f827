"""Every list that shows a product shows it as it is, from the same commit on."""

from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.facts import Commit, Fact
from tools.lab.simulation.checks.violation import require

LISTED = "lists: a product's entries change with the product"

_PREFIX, _PUBLIC = "PRODUCTS#", "PRODUCTS#public"


class Lists:
    """Follows the entries of products in the lists."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def after_step(self, commit: Commit) -> None:
        """Hold each changed product to its entries: one for all, one for the public or none."""
        for fact in commit.of("catalog", "Product"):
            self._product(fact)

    def _product(self, fact: Fact) -> None:
        product = fact.new
        assert product is not None
        entries = [
            (pk, entry)
            for pk, _, entry in self._books.of_prefix("catalog", _PREFIX)
            if entry["id"] == fact.id
        ]
        name = f"{fact.pk} version {product['version']}"
        versions = [entry["version"] for _, entry in entries]
        require({*versions} == {product["version"]}, LISTED, f"{name}, listed are {versions}")
        public = any(pk == _PUBLIC for pk, _ in entries)
        hidden = product["is_confidential"]
        require(public != hidden, LISTED, f"{name} is hidden: {hidden}, and public: {public}")
