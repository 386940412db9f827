"""Invoked by hand — bring the stored data of a context up to date."""

from shared.platform.entry.task import task_handler
from shared.operations import wiring
from shared.operations.tasks import migrate_command
from shared.operations.use_cases.run_migrations import RunMigrationsHandler

handler = task_handler(wiring, "run_migrations", migrate_command, RunMigrationsHandler)
