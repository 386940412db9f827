"""What users and administrators do, as generators that the scheduler moves along."""

from tests.simulation.workload.play import Workload

__all__ = ["Workload"]
