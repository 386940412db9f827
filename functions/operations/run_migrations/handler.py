"""Invoked by hand — bring the stored data of a context up to date."""

from shared.platform.entry.task import task_handler  # first: it pauses the garbage collector

# isort: split
from shared.operations import wiring  # noqa: F401  # registers the services
from shared.operations.tasks import migrate_command
from shared.operations.use_cases.run_migrations import RunMigrationsHandler

handler = task_handler("operations.run_migrations", migrate_command, RunMigrationsHandler)
