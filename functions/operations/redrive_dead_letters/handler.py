"""Invoked by hand — put a consumer's dead letters back on its queue."""

from shared.platform.entry.task import task_handler
from shared.operations import wiring
from shared.operations.tasks import redrive_command
from shared.operations.use_cases.redrive_dead_letters import RedriveDeadLettersHandler

handler = task_handler(wiring, "redrive_dead_letters", redrive_command, RedriveDeadLettersHandler)
