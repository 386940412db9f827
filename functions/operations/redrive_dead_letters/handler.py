"""Invoked by hand — put a consumer's dead letters back on its queue."""

from shared.platform.entry.task import task_handler  # first: it pauses the garbage collector

# isort: split
from shared.operations import wiring  # noqa: F401  # registers the services
from shared.operations.tasks import redrive_command
from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLettersHandler

handler = task_handler(
    "operations.redrive_dead_letters", redrive_command, RedriveDeadLettersHandler
)
