from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from moto.ses import ses_backends

from shared.kernel.email import Email
from shared.notifications.adapters.email_channel import EmailChannel
from shared.notifications.adapters.log_channel import LogChannel
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import Kind, Text
from shared.notifications.ports import DeliveryFailed, DeliveryImpossible, DeliveryUnclear
from shared.platform.aws import clients
from shared.platform.flags.flags import FeatureFlags
from shared.platform.flags.names import Flag
from tools.lab.support import environment

SENDER = "no-reply@tradewind.example"
ADA = Contact("user-1", name="Ada", email=Email("ada@example.com"))
TEXT = Text(subject="Grüße", body="Hello Ada,\n\n5,99 €")


def mail_by(client: Any) -> EmailChannel:
    return EmailChannel(client, sender=SENDER, flags=FeatureFlags(), flag=Flag.CUSTOMER_MAILS)


@pytest.fixture
def engine() -> str:
    """SES is in moto only."""
    return "moto"


def test_a_mail_has_sender_recipient_subject_and_plain_text(moto: None) -> None:
    client = boto3.client("ses")
    client.verify_email_identity(EmailAddress=SENDER)
    mail_by(client).send(TEXT, kind=Kind.WELCOME, to=ADA, reference="B1F2C3D4")
    (mail,) = ses_backends[environment.FIXED["MOTO_ACCOUNT_ID"]]["eu-west-1"].sent_messages
    assert mail.source == f"Tradewind <{SENDER}>"
    assert mail.destinations == {"ToAddresses": ["ada@example.com"]}
    assert (mail.subject, mail.body) == (TEXT.subject, TEXT.body)


def test_one_that_may_come_twice_bears_its_reference(moto: None) -> None:
    client = boto3.client("ses")
    client.verify_email_identity(EmailAddress=SENDER)
    mail_by(client).send(TEXT, kind=Kind.ORDER_FAILED, to=ADA, reference="B1F2C3D4")
    (mail,) = ses_backends[environment.FIXED["MOTO_ACCOUNT_ID"]]["eu-west-1"].sent_messages
    assert mail.subject == "Grüße [B1F2C3D4]"


def test_a_mail_that_ses_rejects_is_worth_another_try(
    moto: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DeliveryFailed, match="MessageRejected"):
        mail_by(boto3.client("ses")).send(TEXT, kind=Kind.WELCOME, to=ADA, reference="B1F2C3D4")
    line = capsys.readouterr().out
    assert "user-1" in line
    assert "ada@example.com" not in line


def refusal(code: str, message: str = "", status: int = 400) -> ClientError:
    """What SES says, as botocore raises it."""
    said: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(said, "SendEmail")


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (refusal("Throttling", "Maximum sending rate exceeded."), DeliveryFailed),
        (refusal("MessageRejected", "Email address is not verified."), DeliveryFailed),
        (refusal("AccessDenied"), DeliveryFailed),
        (refusal("AccountSendingPausedException"), DeliveryFailed),
        (EndpointConnectionError(endpoint_url="https://x"), DeliveryFailed),
        (ConnectTimeoutError(endpoint_url="https://x"), DeliveryFailed),
        (refusal("InvalidParameterValue", "Illegal address"), DeliveryImpossible),
        (refusal("InvalidParameterValue", f"Illegal: {SENDER}"), DeliveryFailed),
        (refusal("InternalFailure", status=500), DeliveryUnclear),
        (refusal("ServiceUnavailable", status=503), DeliveryUnclear),
        (ReadTimeoutError(endpoint_url="https://x"), DeliveryUnclear),
        (ConnectionClosedError(endpoint_url="https://x"), DeliveryUnclear),
    ],
)
def test_what_is_known_of_a_mail_after_an_error(error: Exception, means: type[Exception]) -> None:
    client = Mock()
    client.send_email.side_effect = error
    with pytest.raises(means):
        mail_by(client).send(TEXT, kind=Kind.WELCOME, to=ADA, reference="B1F2C3D4")


def test_a_request_to_ses_is_sent_once(moto: None) -> None:
    """SES knows no idempotency key: a repetition by the SDK would be a second mail."""
    once = clients.client("ses", attempts=1)
    assert once.meta.config.retries["total_max_attempts"] == 1


def test_the_log_tells_whom_by_id_alone(capsys: pytest.CaptureFixture[str]) -> None:
    LogChannel().send(TEXT, kind=Kind.WELCOME, to=ADA, reference="B1F2C3D4")
    line = capsys.readouterr().out
    assert '"recipient":"user-1"' in line
    assert "ada@example.com" not in line
    assert "Hello" not in line
