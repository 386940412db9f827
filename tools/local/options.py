"""What can be chosen for a local stack."""

from dataclasses import dataclass
from pathlib import Path

from tools.build.release import current_release

PROJECT_ROOT = Path(__file__).resolve().parents[2]

REGION = "us-east-1"
ACCOUNT_ID = "000000000000"
STACK_NAME = "tradewind"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where a stack lives and on which ports; port 0 means any free one.

    *cache* is where product details are kept: ``memory``, ``dynamodb``, ``none`` or the URL of a
    Redis server; *cors* the origins whose pages may call the API, with commas between.
    *requests_per_address* limits requests in five minutes at the front door, if it is not 0. Rate
    limits are *rate_limit_factor* times those of production: one customer replays the orders of
    thousands here.

    *work_dir* holds what the stack writes: `stack.json`, `logs/`, and `data/` when the tables
    are to persist. *services* limits what is deployed; empty means all. Two stacks may run side
    by side when their work directories and ports differ. *iam_record* is a file to which what
    IAM is asked about functions' roles is appended: principal, action, resource.
    """

    port: int = 4566
    front_port: int = 8080
    persist: bool = False
    environment: str = "dev"
    rate_limit_factor: int = 1_000
    cache: str = "memory"
    cors: str = ""
    requests_per_address: int = 0
    services: tuple[str, ...] = ()
    project_root: Path = PROJECT_ROOT
    work_dir: Path = PROJECT_ROOT / ".local"
    iam_record: Path | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """What the root template is deployed with."""
        is_url = "://" in self.cache
        return {
            "Environment": self.environment,
            "RateLimitFactor": str(self.rate_limit_factor),
            "RegisterSender": "true",  # the emulator's SES is nobody else's
            "SenderEmail": "no-reply@shop.example",
            "Release": current_release("dev"),
            "CacheEntries": "redis" if is_url else self.cache,
            "CacheRedisUrl": self.cache if is_url else "",
            "CorsOrigins": self.cors,
            "RequestsPerAddress": str(self.requests_per_address),
        }

    @property
    def cache_dir(self) -> Path:
        """Packages and translated templates, named by content: shared by every stack."""
        return self.project_root / ".local" / "cache"

    @property
    def log_dir(self) -> Path:
        return self.work_dir / "logs"

    @property
    def data_dir(self) -> Path:
        """The tables' items between two runs, when they are to persist."""
        return self.work_dir / "data"

    @property
    def description_file(self) -> Path:
        """Describes the running stack to other processes; exists only while it runs."""
        return self.work_dir / "stack.json"
