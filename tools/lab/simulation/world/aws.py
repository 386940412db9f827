"""What answers a call: the tables' engine, the bus, the queues, the mail service, the secrets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.world.queues import ARN

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.world import World

_URL = "https://sqs.simulated/"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was sent."""

    to: str
    subject: str
    invocation: str
    sent_at: float
    body: str


class Aws:
    """Carries calls out."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def perform(self, call: "Call", invocation: str, refused: set[int]) -> dict[str, Any]:
        """Have the effect of *call*; return the answer or raise the exception of a refusal.

        *refused* are the entries of a ``PutEvents`` that the bus does not take.
        """
        match call.service, call.operation:
            case "dynamodb", operation:
                return self._table(call, operation)
            case "events", "PutEvents":
                return self._world.bus.put_events(call.params["Entries"], refused)
            case "sqs", operation:
                return self._queue(call, operation)
            case "ses", "SendEmail":
                if self._world.faults.mails_are_refused(self._world.clock.elapsed):
                    raise call.error("Throttling", "Maximum sending rate exceeded.")
                mail = Mail(
                    to=call.params["Destination"]["ToAddresses"][0],
                    subject=call.params["Message"]["Subject"]["Data"],
                    invocation=invocation,
                    sent_at=self._world.clock.now,
                    body=call.params["Message"]["Body"]["Text"]["Data"],
                )
                self._world.mails.append(mail)
                return {"MessageId": f"mail-{len(self._world.mails)}"}
            case "secretsmanager", "GetSecretValue":
                if call.params["VersionStage"] == "AWSCURRENT":
                    return {"SecretString": f"secret of {call.params['SecretId']}"}
                raise call.error("ResourceNotFoundException", "no such version")
        raise NotImplementedError(f"{call.service}:{call.operation}")

    def _table(self, call: "Call", operation: str) -> dict[str, Any]:
        try:
            return self._world.engine.call(operation, call.params)
        except Refused as refusal:
            more: dict[str, Any] = {}
            if refusal.reasons is not None:
                more["CancellationReasons"] = refusal.reasons
            if refusal.item is not None:
                more["Item"] = refusal.item
            raise call.error(refusal.code, refusal.message, **more) from None

    def _queue(self, call: "Call", operation: str) -> dict[str, Any]:
        params, world = call.params, self._world
        match operation:
            case "GetQueueUrl":
                return {"QueueUrl": f"{_URL}{params['QueueName']}"}
            case "ChangeMessageVisibility":
                queue = world.queue(_name(params["QueueUrl"]))
                if not queue.change_visibility(
                    params["ReceiptHandle"], float(params["VisibilityTimeout"])
                ):
                    raise call.error("InvalidParameterValue", "no such message in flight")
                return {}
            case "SendMessage":
                sent = world.send_dead(_name(params["QueueUrl"]), params["MessageBody"])
                return {"MessageId": sent}
        raise NotImplementedError(f"sqs:{operation}")


def _name(url: str) -> str:
    return url.removeprefix(_URL).removeprefix(ARN)
