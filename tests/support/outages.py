"""An AWS operation that cannot be reached, whichever client sends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import EndpointConnectionError


@contextmanager
def unreachable(operation: str) -> Iterator[None]:
    """Let every call of *operation* fail as where nobody listens."""
    send = BaseClient._make_api_call  # type: ignore[attr-defined]

    def sending(client: BaseClient, called: str, parameters: dict[str, Any]) -> Any:
        if called == operation:
            raise EndpointConnectionError(endpoint_url="http://nowhere")
        return send(client, called, parameters)

    with patch.object(BaseClient, "_make_api_call", sending):
        yield
