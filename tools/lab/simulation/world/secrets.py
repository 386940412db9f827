"""Secrets Manager: versions of secrets, and the labels that say what each is for."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(slots=True)
class _Secret:
    """Its texts by version, and the version that each label is on."""

    texts: dict[str, str]
    labels: dict[str, str]


@dataclass(slots=True)
class Secrets:
    """Every secret there is has one version at first."""

    _kept: dict[str, _Secret] = field(default_factory=dict)

    def current(self, name: str) -> str:
        """Return the version that *name* has at the moment."""
        return self._of(name).labels[CURRENT]

    def perform(self, call: "Call") -> dict[str, Any]:
        """Answer a call, or raise the exception of a refusal."""
        params = call.params
        secret = self._of(params["SecretId"])
        match call.operation:
            case "GetSecretValue":
                version = secret.labels.get(params["VersionStage"])
                if version is None:
                    raise call.error("ResourceNotFoundException", "no such version")
                return {"SecretString": secret.texts[version], "VersionId": version}
            case "PutSecretValue":
                version = f"version-{len(secret.texts) + 1}"
                secret.texts[version] = params["SecretString"]
                secret.labels |= dict.fromkeys(params["VersionStages"], version)
                return {"VersionId": version}
            case "UpdateSecretVersionStage":
                self._move(secret, call)
                return {}
        raise NotImplementedError(f"secretsmanager:{call.operation}")

    def _move(self, secret: _Secret, call: "Call") -> None:
        label, params = call.params["VersionStage"], call.params
        before, to = secret.labels.get(label), params.get("MoveToVersionId")
        given = params.get("RemoveFromVersionId")
        if before is not None and (to is not None or given is not None) and given != before:
            raise call.error("InvalidParameterException", f"{label} is on {before}")
        if to is None:
            secret.labels.pop(label, None)
            return
        secret.labels[label] = to
        if label == CURRENT and before is not None:
            secret.labels[PREVIOUS] = before

    def _of(self, name: str) -> _Secret:
        made = _Secret({"version-1": f"secret of {name}"}, {CURRENT: "version-1"})
        return self._kept.setdefault(name, made)
