"""All checks of one run, and the order in which they look."""

from typing import Any

from tools.lab.simulation.checks import migrations
from tools.lab.simulation.checks.answers import Answers
from tools.lab.simulation.checks.api_keys import ApiKeys
from tools.lab.simulation.checks.authorized import Authorized
from tools.lab.simulation.checks.books import Books
from tools.lab.simulation.checks.cards import Cards
from tools.lab.simulation.checks.causes import Causes
from tools.lab.simulation.checks.chains import Chains
from tools.lab.simulation.checks.deliveries import Deliveries
from tools.lab.simulation.checks.errands import Errands
from tools.lab.simulation.checks.facts import commit_of
from tools.lab.simulation.checks.filters import Filters
from tools.lab.simulation.checks.flags import Flags
from tools.lab.simulation.checks.histories import Histories
from tools.lab.simulation.checks.keys import Keys
from tools.lab.simulation.checks.lists import Lists
from tools.lab.simulation.checks.markers import Markers
from tools.lab.simulation.checks.money import Money
from tools.lab.simulation.checks.orders import Orders
from tools.lab.simulation.checks.pages import Pages
from tools.lab.simulation.checks.passwords import Passwords
from tools.lab.simulation.checks.prices import Prices
from tools.lab.simulation.checks.reads import Reads
from tools.lab.simulation.checks.requests import Requests
from tools.lab.simulation.checks.rest.at_rest import at_rest
from tools.lab.simulation.checks.rights import Rights
from tools.lab.simulation.checks.sessions import Sessions
from tools.lab.simulation.checks.standings import Standings
from tools.lab.simulation.checks.stock import Stock
from tools.lab.simulation.checks.unique import Unique
from tools.lab.simulation.workload.ports import Errand, Pending


class Checks:
    """Watches a world; raises `Violation` as soon as a promise is broken."""

    def __init__(self, world: Any) -> None:
        self.books = Books()
        self.requests = Requests()
        consumers = frozenset(each.consumer for each in world.subscriptions)
        self.markers = Markers(consumers, self.requests)
        self.pages = Pages(self.books)
        self._filters = Filters(self.books)
        self._world = world
        self._contexts = {table: context for context, table in world.tables.items()}
        deliveries = Deliveries(world)
        self._prices = Prices(world, self.books, self.requests)
        self._standings = Standings(self.books)
        self._keys = Keys(world, self.books)
        self._sessions = Sessions(lambda: world.clocks_are_right)
        self._authorized = Authorized(
            self.books, self.requests, self._sessions, lambda: world.clocks_are_right
        )
        self._passwords = Passwords(self.books, self.requests)
        self._api_keys = ApiKeys(self.books)
        self._flags = Flags(world, self.books)
        self._rights = Rights()
        self._rules = (
            Histories(),
            self.markers,
            Stock(self.books),
            Money(self.books),
            Cards(),
            Causes(self.books, deliveries),
            Chains(self.books, self.requests, deliveries),
            Orders(self.books, self.requests),
            Unique(self.books),
            Lists(self.books),
            self._standings,
            self._prices,
            self._keys,
            self._sessions,
            self._authorized,
            self._passwords,
            self._api_keys,
            self._flags,
            self._rights,
        )
        self._answers = Answers(self.books, self.requests, lambda: world.clocks_are_right)
        self._reads = Reads(self.books)
        self._errands = Errands(world, self.books)
        self.commits = 0

    def asked(self, pending: Pending) -> None:
        """Take note of a request that sets out."""
        self.requests.asked(pending)

    def after_step(self, step: Any) -> None:
        """Look at what one atomic write changed."""
        if not step.changes:
            return
        self.commits += 1
        commit = commit_of(step, self._contexts, self._world.clock.now)
        self.books.take(commit)
        if commit.function == migrations.MIGRATE and commit.has_effect:
            migrations.after_step(commit)
            return
        for rule in self._rules:
            rule.after_step(commit)

    def answered(self, pending: Pending) -> None:
        """Look at what a client is answered."""
        self.requests.answered(pending)
        self._answers.answered(pending)
        self._standings.answered(pending)
        self._keys.answered(pending)
        self._reads.answered(pending)
        self._prices.answered(pending)
        self._sessions.answered(pending)
        self._authorized.answered(pending)
        self._passwords.answered(pending)
        self._api_keys.answered(pending)
        self._flags.answered(pending)
        self._rights.answered(pending)
        self.pages.answered(pending)
        self._filters.answered(pending)

    def set_out(self, errand: Errand) -> None:
        """Take note of an errand that sets out."""
        self._errands.set_out(errand)

    def told(self, errand: Errand) -> None:
        """Look at what an operator is told."""
        self._errands.told(errand)

    def settled(self) -> None:
        """From here on nothing fails and nothing is under way: lists have to be complete."""
        self.pages.open()
        self._filters.open()

    def at_quiescence(self) -> None:
        """Look at what is left when everything has come to rest."""
        at_rest(self._world, self.books, self.markers, self.pages, self._flags)
