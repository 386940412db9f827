"""Table stream → event bus."""

from shared.platform.relay import lambda_handler

handler = lambda_handler()
