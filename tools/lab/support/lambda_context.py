"""What Lambda hands to a handler beside the event."""

from dataclasses import dataclass, field
from uuid import uuid4


@dataclass
class LambdaContext:
    """The context of one invocation; ``remaining_ms`` is what is left of its time.

    That is measured by the real clock, so it is long unless a test is about it: on a busy machine
    an invocation may wait for its turn for seconds.
    """

    function_name: str = "tradewind-test"
    memory_limit_in_mb: int = 512
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))
    remaining_ms: int = 120_000
    function_version: str = "$LATEST"
    log_group_name: str = "/aws/lambda/tradewind-test"
    log_stream_name: str = "2026/01/01/[$LATEST]0"

    @property
    def invoked_function_arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:eu-west-1:000000000000:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left."""
        return self.remaining_ms
