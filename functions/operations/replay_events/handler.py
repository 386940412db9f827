"""Invoked by hand — give stored events to one consumer again."""

from shared.platform.entry.task import task_handler  # first: it pauses the garbage collector

# isort: split
from shared.operations import wiring  # noqa: F401  # registers the services
from shared.operations.tasks import replay_command
from shared.operations.use_cases.replay_events import ReplayEventsHandler

handler = task_handler("operations.replay_events", replay_command, ReplayEventsHandler)
