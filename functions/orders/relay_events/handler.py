"""The orders table's stream — put the committed events on the bus."""

from shared.platform.entry.relay import lambda_handler
from shared.orders.published import UPCASTS

handler = lambda_handler(UPCASTS)
