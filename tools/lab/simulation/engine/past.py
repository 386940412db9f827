"""What the items of a table were: the versions that an eventually consistent read may show.

A write reaches two of three copies before it is acknowledged, and a read that does not ask for
consistency may ask the third. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/
HowItWorks.ReadConsistency.html
"""

from collections.abc import Callable

from tools.lab.simulation.engine.collection import Collection, Row
from tools.lab.simulation.engine.freedom import Freedom
from tools.lab.simulation.engine.spec import Key

Version = tuple[float, Row | None]
"""When it was replaced, and what it was."""


class Past:
    """Keeps what each item was, for as long as a read may be behind."""

    def __init__(self, now: Callable[[], float], freedom: Freedom) -> None:
        self._now = now
        self._freedom = freedom
        self._versions: dict[Key, list[Version]] = {}

    def take(self, key: Key, before: Row | None) -> None:
        """Note that what was at *key* is replaced now."""
        if self._freedom.bound:
            self._versions.setdefault(key, []).append((self._now(), before))

    def shown(self, key: Key, current: Row | None) -> Row | None:
        """Return what such a read shows of the item at *key*: what it is, or what it was."""
        versions = self._recent(key)
        if not versions:
            return current
        moment = self._now() - min(self._freedom.behind(), self._freedom.bound)
        return next((row for replaced, row in versions if replaced > moment), current)

    def view(self, rows: Collection) -> Collection:
        """Return what such a read shows of the whole table, of each item for itself."""
        shown = rows
        for key in list(self._versions):
            current = rows.get(*key)
            row = self.shown(key, current)
            if row is current:
                continue
            shown = shown if shown is not rows else rows.copied()
            if row is None:
                shown.remove(*key)
            else:
                shown.put(*key, row)
        return shown

    def _recent(self, key: Key) -> list[Version]:
        versions = self._versions.get(key)
        if not versions:
            return []
        oldest = self._now() - self._freedom.bound
        if versions[0][0] <= oldest:
            versions[:] = [each for each in versions if each[0] > oldest]
            if not versions:
                del self._versions[key]
        return versions
