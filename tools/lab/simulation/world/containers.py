"""Functions and their warm containers.

What a container has of its own: the environment, the settings, every service that the registry
has built (units of work, gateways, readers of secrets), and a clock that may be wrong. What the
containers of one function share, because it keeps nothing from one invocation to the next: the
code, its FastAPI app, the botocore clients, and the logger and meter, which are silent here.
"""

import importlib
import math
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.platform.flags.flags import FeatureFlags
from shared.platform.runtime.services import services
from tools.lab.simulation.world.as_of_old import LATEST, Code
from tools.lab.simulation.world.flags import stored_flags
from tools.lab.simulation.world.state import state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.platform.aws.secrets import SecretReader
    from shared.platform.runtime.settings import Settings
    from tools.lab.simulation.world.templates import FunctionSpec


@dataclass(slots=True)
class Function:
    """A function's code, loaded once, and what all of its containers have in common."""

    spec: "FunctionSpec"
    environment: "Mapping[str, str]"
    settings: "Settings"
    module: Any = None

    @property
    def handler(self) -> "Callable[[dict[str, Any], Any], dict[str, Any]]":
        """The real Lambda handler."""
        found: Callable[[dict[str, Any], Any], dict[str, Any]] = self.module.handler
        return found


@dataclass(slots=True)
class Container:
    """One execution environment: it carries out one invocation at a time, until it dies.

    ``old`` says that it still runs the code from before the latest change of an event's schema.
    ``fault`` is the last fault that it met, ``fault_at`` when that was.
    """

    function: Function
    number: int
    skew: float = 0.0
    built: dict[str, Any] = field(default_factory=dict)
    building: list[str] = field(default_factory=list)
    secret: "SecretReader | None" = None
    old: bool = False
    fault: str = ""
    fault_at: float = -math.inf

    def enter(self) -> None:
        """Let the product's module globals be those of this container."""
        state.container = self
        services._built = self.built
        services._building = self.building


@dataclass(slots=True)
class Fleet:
    """The containers of one run.

    ``old_code`` is the share of those that start with old code, ``release`` what is rolled out.
    Without ``flags`` each is at its default, and nobody asks AppConfig.
    """

    idle: dict[str, list[Container]] = field(default_factory=dict)
    all: list[Container] = field(default_factory=list)
    old_code: float = 0.0
    release: int = LATEST
    flags: bool = False

    def code_of(self, container: Container) -> Code:
        """Return what the container runs."""
        return Code(self.release, container.old)

    def take(self, function: Function) -> Container:
        """Return a warm container of *function*, or start one."""
        waiting = self.idle.get(function.spec.name)
        if waiting:
            return waiting.pop(int(state.random.random() * len(waiting)))
        container = Container(function, len(self.all) + 1)
        container.old = self.old_code > 0 and state.random.random() < self.old_code
        self.all.append(container)
        if function.spec.context == "identity":
            container.built["password_hasher"] = _quick_hasher()
        # Outside a run that sets flags each is at its default, and nobody asks for it.
        flags = stored_flags() if self.flags and _asks_for_flags(function) else FeatureFlags()
        container.built["feature_flags"] = flags
        return container

    def right(self) -> None:
        """Set every clock right, and bring every container to the latest code."""
        self.old_code, self.release = 0.0, LATEST
        for container in self.all:
            container.skew = 0.0
            container.old = False

    def give_back(self, container: Container) -> None:
        """Keep the container warm."""
        self.idle.setdefault(container.function.spec.name, []).append(container)


def _asks_for_flags(function: Function) -> bool:
    return "FLAGS_APPCONFIG" in function.environment


def _quick_hasher() -> Any:
    """Argon2 with the least it can do: what it costs guards passwords, and there are none."""
    from shared.identity.adapters.argon2_hasher import Argon2Hasher  # noqa: PLC0415  # heavy

    return Argon2Hasher(memory_kib=8, time_cost=1)


def load(spec: "FunctionSpec") -> Any:
    """Import a function's real ``handler.py`` afresh, in the environment it is to have."""
    name = f"functions.{spec.name}.handler"
    before = sys.modules.pop(name, None)
    try:
        return importlib.import_module(name)
    finally:
        if before is not None:  # somebody else's, made in another environment
            sys.modules[name] = before
