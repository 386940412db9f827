"""On flag.changed — publish all flags, so that functions see them within half a minute."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.operations import wiring
from shared.operations.consumers import on_flag_changed
from shared.operations.use_cases.publish_flags import PublishFlagsHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "publish_flags")


@consumer.on("flag.changed")
def publish(event: EventEnvelope) -> None:
    get_service(PublishFlagsHandler)(on_flag_changed(event))


handler = consumer.lambda_handler(PublishFlagsHandler)
