"""What must hold after every step, at every answer, and when everything has come to rest."""

from tests.simulation.checks.checks import Checks
from tests.simulation.checks.violation import Violation

__all__ = ["Checks", "Violation"]
