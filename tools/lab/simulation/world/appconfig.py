"""AppConfig: versions of the one configuration there is, deployed one at a time."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.world import World

SERVICES = ("appconfig", "appconfigdata")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A document, and when it began to be what functions are given."""

    since: float
    document: Mapping[str, Any]


class Configurations:
    """Hosted versions, and what is live of them.

    docs.aws.amazon.com/appconfig/2019-10-09/APIReference: a version that is not the latest's
    successor and a deployment beside another are refused with ConflictException.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self._versions = {1: b"{}"}
        self._number = 1
        self._busy_until = 0.0
        self._tokens: dict[str, int] = {}
        self.deployed = [Deployed(float("-inf"), {})]
        """The first is what a deployment of the stack leaves where there is none (ADR 38)."""
        self.unread = False
        """Whether any function has failed to read it: it may go on with what it knew, long ago."""

    def perform(self, call: "Call") -> dict[str, Any]:
        """Answer a call, or raise the exception of a refusal."""
        does = {
            "CreateHostedConfigurationVersion": self._create,
            "GetHostedConfigurationVersion": lambda call: {
                "Content": io.BytesIO(self._version(call))
            },
            "ListHostedConfigurationVersions": self._list,
            "DeleteHostedConfigurationVersion": self._delete,
            "StartDeployment": self._deploy,
            "StartConfigurationSession": lambda _: {"InitialConfigurationToken": self._token(-1)},
            "GetLatestConfiguration": self._latest,
        }
        return does[call.operation](call)

    def live(self, at: float) -> int:
        """Return the index in `deployed` of what is live at that time."""
        return sum(each.since <= at for each in self.deployed) - 1

    def _create(self, call: "Call") -> dict[str, Any]:
        if call.params.get("LatestVersionNumber", self._number) != self._number:
            raise call.error("ConflictException", "there is a newer version")
        self._number += 1
        self._versions[self._number] = call.params["Content"]
        return {"VersionNumber": self._number}

    def _list(self, _: "Call") -> dict[str, Any]:
        """List all, in any order."""
        numbers = list(self._versions)
        self._world.dice.shuffle(numbers)
        return {"Items": [{"VersionNumber": number} for number in numbers]}

    def _delete(self, call: "Call") -> dict[str, Any]:
        self._version(call)
        del self._versions[call.params["VersionNumber"]]
        return {}

    def _version(self, call: "Call") -> bytes:
        number = int(call.params.get("VersionNumber", call.params.get("ConfigurationVersion", 0)))
        if number not in self._versions:
            raise call.error("ResourceNotFoundException", f"no version {number}")
        return self._versions[number]

    def _deploy(self, call: "Call") -> dict[str, Any]:
        now = self._world.clock.now
        content = self._version(call)
        if now < self._busy_until:
            raise call.error("ConflictException", "a deployment is under way")
        takes = 0.0 if self._world.plan.orderly else self._world.dice.choice((0.0, 0.0, 1.0, 20.0))
        self._busy_until = now + takes
        self.deployed.append(Deployed(self._busy_until, json.loads(content)))
        return {"DeploymentNumber": len(self.deployed)}

    def _token(self, seen: int) -> str:
        token = f"poll {len(self._tokens)}"
        self._tokens[token] = seen
        return token

    def _latest(self, call: "Call") -> dict[str, Any]:
        """Give the live document to whoever has not seen it, and nothing to all others."""
        seen = self._tokens[call.params["ConfigurationToken"]]
        index = self.live(self._world.clock.now)
        fresh = json.dumps(self.deployed[index].document).encode() if index != seen else b""
        token = self._token(index)
        return {"Configuration": io.BytesIO(fresh), "NextPollConfigurationToken": token}
