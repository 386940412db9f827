"""Counts, times and logs every request by method, route and status: all of it in one line."""

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform.http.error_map import status_of
from shared.platform.runtime.context import current
from shared.platform.runtime.errors import DeadlineExceeded
from shared.platform.telemetry.logging import line_of
from shared.platform.telemetry.metrics import MetricUnit, metrics


class MetricsMiddleware:
    """Measures the request without any code in the endpoint."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = f"{scope['method']} {scope['app'].route_path}"
        started, status = time.perf_counter(), 500

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with metrics.in_progress("RequestsInProgress", route=route):
            try:
                await self._app(scope, receive, watching)
            except (Exception, DeadlineExceeded) as error:
                status = status_of(error)
                raise
            finally:
                elapsed = (time.perf_counter() - started) * 1000
                labels: dict[str, Any] = {"route": route, "status": str(status)}
                metrics.add_metric("Request", MetricUnit.Count, 1, **labels)
                metrics.add_metric("RequestDuration", MetricUnit.Milliseconds, elapsed, **labels)
                line = line_of(
                    "request handled",
                    duration_ms=round(elapsed, 1),
                    client_address=current().client_address,
                    replayed=current().replayed or None,
                    **labels,
                )
                if line is not None:  # the metrics' line is the access log's, too
                    metrics.provider.metadata_set.update(line)
