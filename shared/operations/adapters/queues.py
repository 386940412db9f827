"""Queues in SQS."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.operations.ports import QueueMessage
from shared.platform.entry.dead_letters import text

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MOST = 10  # of SQS: messages in one call
_WAIT_SECONDS = 1  # asks every server of the queue: an empty answer means that it is empty


class SqsQueues:
    """Queues, named by their URLs."""

    def __init__(self, sqs: "SQSClient") -> None:
        self._sqs = sqs

    def send(self, queue: str, messages: Sequence[QueueMessage], /) -> list[QueueMessage]:
        if not messages:
            return []
        answer = self._sqs.send_message_batch(
            QueueUrl=queue,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": message.body,
                    "MessageAttributes": {n: text(v) for n, v in message.attributes.items()},  # type: ignore[misc]
                }
                for number, message in enumerate(messages)
            ],
        )
        return [messages[int(entry["Id"])] for entry in answer.get("Successful", [])]

    def receive(self, queue: str, /, *, hide_seconds: int) -> list[QueueMessage]:
        answer = self._sqs.receive_message(
            QueueUrl=queue,
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
                QueueUrl=queue, ReceiptHandle=message.receipt, VisibilityTimeout=0
            )

    def remove(self, queue: str, messages: Sequence[QueueMessage], /) -> None:
        if messages:
            self._sqs.delete_message_batch(
                QueueUrl=queue,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message.receipt}
                    for number, message in enumerate(messages)
                ],
            )

    def depth(self, queue: str, /) -> int:
        known = self._sqs.get_queue_attributes(
            QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(known["Attributes"]["ApproximateNumberOfMessages"])
