"""On inventory.reserved — the order's goods are set aside."""

from shared.platform.entry.consumer import Consumer
from shared.kernel.events import EventEnvelope
from shared.orders import wiring
from shared.orders.consumers import on_inventory_reserved
from shared.orders.use_cases.record_reservation import RecordReservationHandler
from shared.platform.runtime.services import get_service

consumer = Consumer(wiring, "record_reservation")


@consumer.on("inventory.reserved")
def record(event: EventEnvelope) -> None:
    get_service(RecordReservationHandler)(on_inventory_reserved(event))


handler = consumer.lambda_handler(RecordReservationHandler)
