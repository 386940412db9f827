import boto3
import pytest

from shared.platform.entry.redelivery import MAX_SECONDS, delay_after, postpone
from tools.lab.support.bus_events import sqs_batch

pytestmark = pytest.mark.row("EVT-04")


@pytest.mark.parametrize(("count", "seconds"), [(1, 2), (2, 4), (5, 32), (30, MAX_SECONDS)])
def test_the_delay_doubles_with_jitter_up_to_a_limit(count, seconds):
    for _ in range(50):
        assert seconds * 0.75 - 1 <= delay_after(count) <= seconds * 1.25 + 1


def test_the_message_is_hidden_for_its_delay(moto):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="queue", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    account = boto3.client("sts").get_caller_identity()["Account"]
    (record,) = sqs_batch("x")["Records"]
    record |= {
        "receiptHandle": message["ReceiptHandle"],
        "eventSourceARN": f"arn:aws:sqs:eu-west-1:{account}:queue",
    }
    postpone(record)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_failing_to_postpone_is_no_failure(moto):
    postpone({"receiptHandle": "x"})
