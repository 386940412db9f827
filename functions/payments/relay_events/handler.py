"""Table stream → event bus."""

from shared.platform.entry.relay import lambda_handler

handler = lambda_handler()
