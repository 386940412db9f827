"""How a test or a tool uses a running stack."""

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from tools.local.description import Description
from tools.local.logs import LogLine, read_logs
from tools.local.loopback import get_json

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient


class StackAccess:
    """A running stack: its address, its AWS clients, its logs and mails."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self._clients: dict[str, Any] = {}

    @property
    def base_url(self) -> str:
        return self.description.base_url

    @property
    def endpoint(self) -> str:
        """Where the AWS APIs answer."""
        return self.description.endpoint

    @property
    def outputs(self) -> dict[str, str]:
        return self.description.outputs

    @cached_property
    def _session(self) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=self.description.access_key_id,
            aws_secret_access_key=self.description.secret_access_key,
            region_name=self.description.region,
        )

    def client(self, service: str) -> Any:
        """Return a boto3 client with administrator's rights; made once per service."""
        if service not in self._clients:
            self._clients[service] = self._session.client(
                service,  # type: ignore[call-overload]
                endpoint_url=self.endpoint,
                config=Config(proxies={}, max_pool_connections=50),
            )
        return self._clients[service]

    def table(self, service: str) -> str:
        """Return the name of the service's table."""
        return self.description.services[service].outputs["TableName"]

    def function(self, service: str, use_case: str) -> str:
        """Return the physical name of a function."""
        return self.description.services[service].functions[use_case]

    def queue_url(self, service: str, logical_id: str) -> str:
        return self.description.services[service].queues[logical_id]

    def logs(self, since: int = 0, functions: Collection[str] | None = None) -> list[LogLine]:
        """Return the lines of *functions* (physical names; all by default), oldest first.

        *since* in milliseconds since the epoch; the platform's START, END and REPORT lines are
        among them.
        """
        groups = {
            group: function
            for service in self.description.services.values()
            for group, function in service.log_groups().items()
            if functions is None or function in functions
        }
        return read_logs(cast("CloudWatchLogsClient", self.client("logs")), groups, since)

    def mails(self) -> list[dict[str, Any]]:
        """Return every e-mail sent through SES, in the order of sending."""
        messages = get_json(f"{self.endpoint}/_ministack/ses/messages")["messages"]
        return cast("list[dict[str, Any]]", messages.get(self.description.account_id, []))

    def close(self) -> None:
        """Close the clients' connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
