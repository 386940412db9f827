"""What operations reads of events: that a flag has changed is all there is to know."""

from shared.kernel.events import EventEnvelope
from shared.operations.use_cases.publish_flags import PublishFlags


def on_flag_changed(_: EventEnvelope) -> PublishFlags:
    """Read ``flag.changed``."""
    return PublishFlags()
