from typing import Any

import boto3
import pytest
from moto.ses import ses_backends

from shared.kernel.email import Email
from shared.notifications.adapters.email_channel import EmailChannel
from shared.notifications.adapters.log_channel import LogChannel
from shared.notifications.domain.contact import Contact
from shared.notifications.domain.notification import Kind, Text
from shared.notifications.ports import DeliveryFailed
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
    mail_by(client).send(TEXT, kind=Kind.WELCOME, to=ADA)
    (mail,) = ses_backends[environment.FIXED["MOTO_ACCOUNT_ID"]]["eu-west-1"].sent_messages
    assert mail.source == f"Tradewind <{SENDER}>"
    assert mail.destinations == {"ToAddresses": ["ada@example.com"]}
    assert (mail.subject, mail.body) == (TEXT.subject, TEXT.body)


def test_a_mail_that_ses_rejects_is_a_failed_delivery(
    moto: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DeliveryFailed, match="MessageRejected"):
        mail_by(boto3.client("ses")).send(TEXT, kind=Kind.WELCOME, to=ADA)
    line = capsys.readouterr().out
    assert "user-1" in line
    assert "ada@example.com" not in line


def test_the_log_tells_whom_by_id_alone(capsys: pytest.CaptureFixture[str]) -> None:
    LogChannel().send(TEXT, kind=Kind.WELCOME, to=ADA)
    line = capsys.readouterr().out
    assert '"recipient":"user-1"' in line
    assert "ada@example.com" not in line
    assert "Hello" not in line
