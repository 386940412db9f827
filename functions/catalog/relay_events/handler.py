"""The catalog's table stream — put the committed events on the bus."""

from shared.platform.entry.relay import lambda_handler
from shared.catalog.published import UPCASTS

handler = lambda_handler(UPCASTS)
