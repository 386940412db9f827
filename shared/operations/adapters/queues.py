"""Queues in SQS."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.operations.ports import Letter
from shared.platform.entry.dead_letters import text

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_MOST = 10  # of SQS: messages in one call
_WAIT_SECONDS = 1  # asks every server of the queue: an empty answer means that it is empty


class SqsQueues:
    """Queues, named by their URLs."""

    def __init__(self, sqs: "SQSClient") -> None:
        self._sqs = sqs

    def send(self, queue: str, letters: Sequence[Letter], /) -> list[Letter]:
        if not letters:
            return []
        answer = self._sqs.send_message_batch(
            QueueUrl=queue,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": letter.body,
                    "MessageAttributes": {n: text(v) for n, v in letter.attributes.items()},  # type: ignore[misc]
                }
                for number, letter in enumerate(letters)
            ],
        )
        return [letters[int(entry["Id"])] for entry in answer.get("Successful", [])]

    def receive(self, queue: str, /, *, hide_seconds: int) -> list[Letter]:
        answer = self._sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=_MOST,
            VisibilityTimeout=hide_seconds,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageAttributeNames=["All"],
        )
        return [
            Letter(
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

    def release(self, queue: str, letters: Sequence[Letter], /) -> None:
        for letter in letters:
            self._sqs.change_message_visibility(
                QueueUrl=queue, ReceiptHandle=letter.receipt, VisibilityTimeout=0
            )

    def remove(self, queue: str, letters: Sequence[Letter], /) -> None:
        if letters:
            self._sqs.delete_message_batch(
                QueueUrl=queue,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": letter.receipt}
                    for number, letter in enumerate(letters)
                ],
            )

    def depth(self, queue: str, /) -> int:
        known = self._sqs.get_queue_attributes(
            QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(known["Attributes"]["ApproximateNumberOfMessages"])
