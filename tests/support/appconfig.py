"""AppConfig's control plane, of which neither moto nor DynamoDB Local has the locking token."""

import io
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


class AppConfig:
    """AppConfig's hosted versions as its documentation describes them, locking token included.

    It says nothing of the order of a list, so this one is *ordered* either way, in small pages.
    """

    def __init__(self, ordered: Callable[[list[int]], list[int]] = sorted) -> None:
        self.versions: dict[int, bytes] = {}
        self.deployed: list[str] = []
        self.before_create: Any = lambda: None
        self._ordered = ordered

    def list_hosted_configuration_versions(self, **request: Any) -> Any:
        first = int(request.get("NextToken", 0))
        end = first + min(int(request.get("MaxResults", 3)), 3)
        numbers = self._ordered(list(self.versions))
        page = {"Items": [{"VersionNumber": number} for number in numbers[first:end]]}
        return page | ({"NextToken": str(end)} if numbers[end:] else {})

    def create_hosted_configuration_version(self, **request: Any) -> Any:
        interfere, self.before_create = self.before_create, lambda: None
        interfere()
        newest = max(self.versions, default=0)
        if request.get("LatestVersionNumber", newest) != newest:
            raise ClientError(
                {"Error": {"Code": "ConflictException", "Message": "a newer version"}},
                "CreateHostedConfigurationVersion",
            )
        self.versions[newest + 1] = request["Content"]
        return {"VersionNumber": newest + 1}

    def get_hosted_configuration_version(self, **request: Any) -> Any:
        return {"Content": io.BytesIO(self.versions[request["VersionNumber"]])}

    def delete_hosted_configuration_version(self, **request: Any) -> None:
        del self.versions[request["VersionNumber"]]

    def start_deployment(self, **request: Any) -> Any:
        self.deployed.append(request["ConfigurationVersion"])

    def list_deployments(self, **_: Any) -> Any:
        return {"Items": [{"ConfigurationVersion": version} for version in self.deployed]}

    @property
    def newest(self) -> bytes:
        return self.versions[max(self.versions)]


def descending(numbers: list[int]) -> list[int]:
    return sorted(numbers, reverse=True)
