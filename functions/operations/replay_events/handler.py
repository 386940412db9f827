"""Invoked by hand — give stored events to one consumer again."""

from shared.platform.entry.task import task_handler
from shared.operations import wiring
from shared.operations.tasks import replay_command
from shared.operations.use_cases.replay_events import ReplayEventsHandler

handler = task_handler(wiring, "replay_events", replay_command, ReplayEventsHandler)
