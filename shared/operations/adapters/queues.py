"""Queues in SQS."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shared.operations.ports import QueueMessage
from shared.platform.entry.dead_letters import text

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MOST = 10  # of SQS: messages in one call
_ATTEMPTS = 3
_WAIT_SECONDS = 1  # asks every server of the queue: an empty answer means that it is empty


_MOST_BYTES = 262_144
_TOO_LONG = frozenset({"AWS.SimpleQueueService.BatchRequestTooLong", "InvalidParameterValue"})


class SqsQueues:
    """Queues, named by their ARNs, as rules tell them, or by their URLs."""

    def __init__(self, sqs: "SQSClient") -> None:
        self._sqs = sqs
        self._urls: dict[str, str] = {}

    def send(self, queue: str, messages: Sequence[QueueMessage], /) -> list[QueueMessage]:
        return [taken for batch in _batches(messages) for taken in self._send(queue, batch)]

    def _send(self, queue: str, messages: Sequence[QueueMessage]) -> list[QueueMessage]:
        try:
            answer = self._sqs.send_message_batch(
                QueueUrl=self._url(queue),
                Entries=[
                    {
                        "Id": str(number),
                        "MessageBody": message.body,
                        "MessageAttributes": {n: text(v) for n, v in message.attributes.items()},  # type: ignore[misc]
                    }
                    for number, message in enumerate(messages)
                ],
            )
        except self._sqs.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _TOO_LONG or len(messages) > 1:
                raise
            return []
        return [messages[int(entry["Id"])] for entry in answer.get("Successful", [])]

    def receive(self, queue: str, /, *, hide_seconds: int) -> list[QueueMessage]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url(queue),
            MaxNumberOfMessages=_MOST,
            VisibilityTimeout=hide_seconds,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageAttributeNames=["All"],
        )
        return [
            QueueMessage(
                body=message["Body"],
                attributes={
                    name: value["StringValue"]
                    for name, value in message.get("MessageAttributes", {}).items()
                    if value.get("StringValue")
                },
                receipt=message["ReceiptHandle"],
            )
            for message in answer.get("Messages", [])
        ]

    def release(self, queue: str, messages: Sequence[QueueMessage], /) -> None:
        for message in messages:
            self._sqs.change_message_visibility(
                QueueUrl=self._url(queue), ReceiptHandle=message.receipt, VisibilityTimeout=0
            )

    def remove(self, queue: str, messages: Sequence[QueueMessage], /) -> None:
        """Remove them; what SQS keeps all the same is asked for again, and stays in the end."""
        waiting = {str(number): message.receipt for number, message in enumerate(messages)}
        for _ in range(_ATTEMPTS):
            if not waiting:
                return
            answer = self._sqs.delete_message_batch(
                QueueUrl=self._url(queue),
                Entries=[
                    {"Id": name, "ReceiptHandle": receipt} for name, receipt in waiting.items()
                ],
            )
            failed = {entry["Id"] for entry in answer.get("Failed", [])}
            waiting = {name: waiting[name] for name in waiting if name in failed}

    def _url(self, queue: str) -> str:
        """Return the URL of a queue, asked for when it is first needed."""
        if not queue.startswith("arn:"):
            return queue
        if queue not in self._urls:
            *_, account, name = queue.split(":")
            found = self._sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)
            self._urls[queue] = found["QueueUrl"]
        return self._urls[queue]

    def depth(self, queue: str, /) -> int:
        known = self._sqs.get_queue_attributes(
            QueueUrl=self._url(queue), AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(known["Attributes"]["ApproximateNumberOfMessages"])


def _batches(messages: Sequence[QueueMessage]) -> Iterator[list[QueueMessage]]:
    """Yield batches that one call may carry: ten large events are more than that."""
    batch: list[QueueMessage] = []
    size = 0
    for message in messages:
        weight = _size(message)
        if batch and size + weight > _MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += weight
    if batch:
        yield batch


def _size(message: QueueMessage) -> int:
    attributes = sum(
        len(name.encode()) + len(value.encode()) + len("String")
        for name, value in message.attributes.items()
    )
    return len(message.body.encode()) + attributes
