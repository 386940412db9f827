"""What users and administrators do, as generators that the scheduler moves along."""

from tools.lab.simulation.workload.play import Workload

__all__ = ["Workload"]
