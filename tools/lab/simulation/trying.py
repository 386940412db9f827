"""A run with the real workload and all checks."""

from tools.lab.simulation.checks.checks import Checks
from tools.lab.simulation.workload.play import Workload
from tools.lab.simulation.world.faults import Plan
from tools.lab.simulation.world.run import Result, run


def try_plan(plan: Plan, *, verbose: bool = False) -> Result:
    """Run *plan*; the result says what was violated, if anything."""
    return run(workload=Workload, checks=Checks, plan=plan, verbose=verbose)


def try_seed(seed: int) -> Result:
    """Run the dice of *seed*."""
    return try_plan(Plan(seed=seed))
