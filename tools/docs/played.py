"""What the ledgers of the simulator say, for ``docs/reliability.md``."""

from tools.docs.sections import table
from tools.lab.simulation.ledger.played import Played

_HEAD = ("code", "seeds", "violations", "steps", "calls to AWS", "faults", "hours", "until")


def seeds(pieces: list[Played]) -> str:
    """Return the table of the seeds that were played, the newest code first."""
    return table(
        _HEAD,
        (
            (
                f"`{each.code}`",
                f"{_number(each.first)} to {_number(each.last)}",
                str(len(each.violations)),
                _number(each.steps),
                _number(each.calls),
                _number(each.faults),
                f"{each.seconds / 3600:.1f}",
                each.date,
            )
            for each in reversed(pieces)
        ),
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", " ")
