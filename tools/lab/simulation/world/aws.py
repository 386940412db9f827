"""What answers a call: the tables' engine, the bus, the queues, the mail service, the secrets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.world import limits
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

        *refused* are the entries of a batch that the bus or the queue does not take.
        """
        match call.service, call.operation:
            case "dynamodb", operation:
                return self._table(call, operation)
            case "events", "PutEvents":
                limits.refuse_events(call)
                return self._world.bus.put_events(call.params["Entries"], refused)
            case "sqs", "SendMessageBatch" | "DeleteMessageBatch":
                limits.refuse_messages(call)
                return self._batch(call, refused)
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
                limits.refuse_messages(call)
                sent = world.send_dead(_name(params["QueueUrl"]), params["MessageBody"])
                return {"MessageId": sent}
        raise NotImplementedError(f"sqs:{operation}")

    def _batch(self, call: "Call", refused: set[int]) -> dict[str, Any]:
        """Answer entry by entry; what is refused says whose fault it was."""
        queue, outcome = _name(call.params["QueueUrl"]), _Batch()
        for position, entry in enumerate(call.params["Entries"]):
            if position in refused:
                outcome.fail(entry, "InternalError")
            elif call.operation == "SendMessageBatch":
                sent = self._world.take_message(queue, entry["MessageBody"])
                outcome.take(entry, MessageId=sent)
            elif self._world.forget_message(queue, entry["ReceiptHandle"]):
                outcome.take(entry)
            else:
                outcome.fail(entry, "ReceiptHandleIsInvalid")
        return outcome.answer()


class _Batch:
    """The answer to a batch: SQS leaves out a list that is empty."""

    def __init__(self) -> None:
        self._successful: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []

    def take(self, entry: dict[str, Any], **more: str) -> None:
        self._successful.append({"Id": entry["Id"], **more})

    def fail(self, entry: dict[str, Any], code: str) -> None:
        sender = code != "InternalError"
        self._failed.append({"Id": entry["Id"], "SenderFault": sender, "Code": code})

    def answer(self) -> dict[str, Any]:
        given = {"Successful": self._successful, "Failed": self._failed}
        return {name: entries for name, entries in given.items() if entries}


def _name(url: str) -> str:
    return url.removeprefix(_URL).removeprefix(ARN)
