"""The payments table's stream — put the committed events on the bus."""

from shared.platform.entry.relay import lambda_handler

handler = lambda_handler()
