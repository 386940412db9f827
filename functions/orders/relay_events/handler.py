"""The orders table's stream — put the committed events on the bus."""

from shared.platform.entry.relay import lambda_handler  # first: it pauses the garbage collector

# isort: split
from shared.orders.published import UPCASTS

handler = lambda_handler(UPCASTS)
