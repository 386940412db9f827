"""What must hold after every step, at every answer, and when everything has come to rest."""

from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.checks.violation import Violation

__all__ = ["Checks", "Violation"]
