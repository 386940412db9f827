"""What can go wrong while a local stack starts; each message says what to do."""

from tools.entry.guard import ToolError


class LocalStackError(ToolError):
    """The local stack cannot start or continue; the message is for the developer."""


class PortTaken(LocalStackError):
    """A port that was asked for is in use."""


class EmulatorFailed(LocalStackError):
    """The emulator ended or did not become ready."""


class DeploymentFailed(LocalStackError):
    """CloudFormation refused the stack; *reasons* name each failed resource and why."""


class NotRunning(LocalStackError):
    """No local stack runs in this work directory."""


class NotAnswering(LocalStackError):
    """A local stack runs here, but its emulator is dead."""
