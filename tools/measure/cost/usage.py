"""What an invocation uses, and what that costs."""

from dataclasses import dataclass

from tools.measure.cost.prices import Prices

PARTS = ("Lambda", "DynamoDB", "edge", "events", "mail", "watching")
"""What a bill is split into; ``edge`` is HTTP API and CloudFront, ``watching`` logs and traces."""


@dataclass(slots=True, kw_only=True)
class Usage:
    """Sums over *invocations* of one function, or of several that belong together."""

    invocations: int = 0
    cpu_seconds: float = 0.0
    memory_mb: int = 1024
    calls: int = 0
    read_units: float = 0.0
    write_units: float = 0.0
    requests: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    events: int = 0
    messages: int = 0
    mails: int = 0

    def dollars(self, prices: Prices) -> dict[str, float]:
        """Return what all of it costs, by `PARTS`.

        Billed seconds are CPU time, stretched to the CPU share that the memory buys, and the time
        of each call to AWS; memory is billed for all of them.
        """
        share = min(1.0, self.memory_mb / prices.of("lambda", "mb_per_cpu"))
        waiting = self.calls * prices.of("lambda", "seconds_per_call")
        more = self.invocations * prices.of("lambda", "cpu_seconds_per_invocation")
        gb_seconds = ((self.cpu_seconds + more) / share + waiting) * self.memory_mb / 1024
        payload = (self.bytes_in + self.bytes_out) / max(self.requests, 1)
        metered = self.requests * max(1.0, payload / prices.of("http_api", "bytes_per_request"))
        return {
            "Lambda": self.invocations * prices.of("lambda", "request")
            + gb_seconds * prices.of("lambda", "gb_second_arm64"),
            "DynamoDB": self.read_units * prices.of("dynamodb", "read_request_unit")
            + self.write_units * prices.of("dynamodb", "write_request_unit"),
            "edge": metered * prices.of("http_api", "request")
            + self.requests * prices.of("cloudfront", "request")
            + self.bytes_out / 1e9 * prices.of("cloudfront", "gigabyte"),
            "events": self.events * prices.of("eventbridge", "event")
            + self.messages
            * prices.of("sqs", "requests_per_message")
            * prices.of("sqs", "request"),
            "mail": self.mails * prices.of("ses", "mail"),
            "watching": self.invocations
            * prices.of("logs", "bytes_per_invocation")
            / 1e9
            * prices.of("logs", "gigabyte")
            + self.requests * prices.of("xray", "sampled") * prices.of("xray", "trace"),
        }

    def add(self, other: "Usage") -> None:
        """Add what *other* used."""
        for name in (
            *("invocations", "cpu_seconds", "calls", "read_units", "write_units", "requests"),
            *("bytes_in", "bytes_out", "events", "messages", "mails"),
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
