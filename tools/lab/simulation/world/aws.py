"""What answers a call: the tables' engine, the bus, the queues, the mail service, the secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tools.lab.simulation.engine.binaries import as_read, as_sent
from tools.lab.simulation.engine.errors import Refused
from tools.lab.simulation.world import limits
from tools.lab.simulation.world.appconfig import SERVICES
from tools.lab.simulation.world.intrinsics import QUEUES as _URL
from tools.lab.simulation.world.queues import ARN, Message
from tools.lab.simulation.world.rules import told_of_the_bus

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.world import World


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
        self._invocation = ""
        self._services: Mapping[str, Callable[[Call, set[int]], dict[str, Any]]] = {
            "dynamodb": self._table,
            "events": self._events,
            "sqs": self._queue,
            "ses": self._mail,
            "secretsmanager": self._secret,
            **dict.fromkeys(SERVICES, self._configuration),
        }

    def perform(self, call: "Call", invocation: str, refused: set[int]) -> dict[str, Any]:
        """Have the effect of *call*; return the answer or raise the exception of a refusal.

        *refused* are the entries of a batch that the bus or the queue does not take.
        """
        self._invocation = invocation
        answer = self._services.get(call.service)
        if answer is None:
            raise NotImplementedError(f"{call.service}:{call.operation}")
        return answer(call, refused)

    def _table(self, call: "Call", _: set[int]) -> dict[str, Any]:
        try:
            answer = self._world.engine.call(call.operation, as_sent(call.params))
            return cast("dict[str, Any]", as_read(answer))
        except Refused as refusal:
            more: dict[str, Any] = {}
            if refusal.reasons is not None:
                more["CancellationReasons"] = refusal.reasons
            if refusal.item is not None:
                more["Item"] = as_read(refusal.item)
            raise call.error(refusal.code, refusal.message, **more) from None

    def _events(self, call: "Call", refused: set[int]) -> dict[str, Any]:
        if call.operation != "PutEvents":
            return told_of_the_bus(self._world.subscriptions, call)
        limits.refuse_events(call)
        return self._world.bus.put_events(call.params["Entries"], refused)

    def _mail(self, call: "Call", _: set[int]) -> dict[str, Any]:
        if self._world.faults.mails_are_refused(self._world.clock.elapsed):
            raise call.error("Throttling", "Maximum sending rate exceeded.")
        mail = Mail(
            to=call.params["Destination"]["ToAddresses"][0],
            subject=call.params["Message"]["Subject"]["Data"],
            invocation=self._invocation,
            sent_at=self._world.clock.now,
            body=call.params["Message"]["Body"]["Text"]["Data"],
        )
        self._world.mails.append(mail)
        return {"MessageId": f"mail-{len(self._world.mails)}"}

    def _secret(self, call: "Call", _: set[int]) -> dict[str, Any]:
        return self._world.secrets.perform(call)

    def _configuration(self, call: "Call", _: set[int]) -> dict[str, Any]:
        return self._world.configurations.perform(call)

    def _queue(self, call: "Call", refused: set[int]) -> dict[str, Any]:
        params, world = call.params, self._world
        match call.operation:
            case "SendMessageBatch" | "DeleteMessageBatch":
                limits.refuse_messages(call)
                return self._batch(call, refused)
            case "GetQueueUrl":
                return {"QueueUrl": f"{_URL}{params['QueueName']}"}
            case "ChangeMessageVisibility":
                name, receipt = _name(params["QueueUrl"]), params["ReceiptHandle"]
                seconds, dead = float(params["VisibilityTimeout"]), world.post.of_dead(name)
                if not (
                    world.queue(name).change_visibility(receipt, seconds)
                    if dead is None
                    else dead.show_dead(receipt, seconds)
                ):
                    raise call.error("InvalidParameterValue", "no such message in flight")
                return {}
            case "SendMessage":
                limits.refuse_messages(call)
                name, more = _name(params["QueueUrl"]), params.get("MessageAttributes", {})
                return {"MessageId": world.post.send_dead(name, params["MessageBody"], more)}
            case "ReceiveMessage":
                dead = world.post.of_dead(_name(params["QueueUrl"]))
                most, hide = params["MaxNumberOfMessages"], params["VisibilityTimeout"]
                found = [] if dead is None else dead.receive_dead(most=most, hide=hide)
                return {"Messages": [_received(each) for each in found]} if found else {}
            case "GetQueueAttributes":
                dead = world.post.of_dead(_name(params["QueueUrl"]))
                waiting = 0 if dead is None else len(dead.dead)
                return {"Attributes": {"ApproximateNumberOfMessages": str(waiting)}}
        raise NotImplementedError(f"sqs:{call.operation}")

    def _batch(self, call: "Call", refused: set[int]) -> dict[str, Any]:
        """Answer entry by entry; what is refused says whose fault it was."""
        queue, outcome = _name(call.params["QueueUrl"]), _Batch()
        for position, entry in enumerate(call.params["Entries"]):
            if position in refused:
                outcome.fail(entry, "InternalError")
            elif call.operation == "SendMessageBatch":
                more = entry.get("MessageAttributes", {})
                sent = self._world.post.take(queue, entry["MessageBody"], more)
                self._world.sent.append((self._invocation, queue, entry["MessageBody"]))
                outcome.take(entry, MessageId=sent)
            elif self._world.post.forget(queue, entry["ReceiptHandle"]):
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


def _received(message: Message) -> dict[str, Any]:
    return {
        "MessageId": message.id,
        "ReceiptHandle": message.receipt,
        "Body": message.body,
        "MessageAttributes": dict(message.attributes),
    }


def _name(url: str) -> str:
    return url.removeprefix(_URL).removeprefix(ARN)
