"""The modules that init of each handler loads: what every cold start of it pays for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import redis_server
from tools.build import dependencies_layer, target
from tools.check.modules import RECORD, modules_of, record_of
from tools.check.project import ROOT, declared_handlers, functions_of, handlers, template_paths
from tools.local.templates import load_template

# What only these functions may pay for.
CRYPTOGRAPHY = {
    "identity/authorize": {"cryptography"},
    "identity/get_jwks": {"cryptography"},
    "identity/log_in": {"argon2", "cryptography"},
    "identity/register": {"argon2"},
}
NEVER = {"moto", "ministack", "pytest", "cffi"}
# Powertools' feature flags import boto3, which our own clients do without.
BOTO3 = {"boto3", "s3transfer"}
READERS_OF_FLAGS = {"notifications/notify_on_event", "notifications/notify_sales"}
HTTP_ONLY = {"fastapi", "starlette", "mangum", "anyio", "pydantic", "pydantic_core"}

every_handler = pytest.mark.parametrize(
    "handler", handlers(), ids=lambda path: "/".join(path.parts[-3:-1])
)


def recorded(handler: Path) -> set[str]:
    return set(record_of(handler).read_text().split())


def http_handlers() -> set[Path]:
    found = set()
    for path in template_paths():
        handler_of = declared_handlers(path)
        for name, properties in functions_of(load_template(path)).items():
            if any(event["Type"] == "HttpApi" for event in properties.get("Events", {}).values()):
                found.add(handler_of[name].resolve())
    return found


def test_there_is_no_record_without_a_handler() -> None:
    assert {record_of(handler) for handler in handlers()} == set(RECORD.glob("*/*.txt"))


def test_only_http_functions_load_the_web_framework() -> None:
    others = [handler for handler in handlers() if handler.resolve() not in http_handlers()]
    loaded = {str(handler): recorded(handler) & HTTP_ONLY for handler in others}
    assert others
    assert {name: modules for name, modules in loaded.items() if modules} == {}


def test_only_identity_loads_cryptography() -> None:
    loaded = {
        "/".join(handler.parts[-3:-1]): recorded(handler) & {"argon2", "cryptography", "jwt"}
        for handler in handlers()
    }
    assert {name: modules for name, modules in loaded.items() if modules} == CRYPTOGRAPHY


@every_handler
def test_no_handler_loads_what_the_layer_lacks(handler: Path) -> None:
    assert recorded(handler) & NEVER == set()


def test_only_readers_of_flags_load_boto3() -> None:
    loading = {"/".join(h.parts[-3:-1]) for h in handlers() if recorded(h) & BOTO3}
    assert loading == READERS_OF_FLAGS


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trimmed layer, for this interpreter and this machine."""
    folder = tmp_path_factory.mktemp("layer")
    with pytest.MonkeyPatch.context() as patch:
        try:
            for name, value in target.this_machine().items():
                patch.setenv(name, value)
            dependencies_layer.build_once(ROOT / "layers" / "dependencies", folder)
        except target.BuildError as error:
            pytest.skip(f"the layer cannot be built here: {str(error).splitlines()[0]}")
    return folder / "python"


@every_handler
def test_a_handler_starts_on_the_trimmed_layer_and_loads_what_is_recorded(
    handler: Path, layer: Path
) -> None:
    """A difference is either a mistake or is recorded with `make modules` and reviewed."""
    assert set(modules_of(handler, (ROOT, layer))) == recorded(handler)


def test_a_module_missing_from_the_layer_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        modules_of(handlers()[0], (ROOT, tmp_path))


@pytest.mark.row("CAC-01")
def test_a_function_loads_the_cache_that_it_is_told_to_use(layer: Path) -> None:
    (details,) = (path for path in handlers() if path.parent.name == "get_product_details")

    def more(**settings: str) -> set[str]:
        return set(modules_of(details, (ROOT, layer), settings)) - recorded(details)

    assert "redis" not in recorded(details)
    assert more(CACHE_ENTRIES="dynamodb", CACHE_TABLE_NAME="cache") == set()
    assert more(CACHE_ENTRIES="none") == {"shared.platform.cache.null"}
    assert more(CACHE_ENTRIES="redis", CACHE_REDIS_SECRET_ARN="cache") == {
        "cryptography",  # to know whether it could check certificates
        "redis",
        "shared.platform.cache.fallback",
        "shared.platform.cache.redis_backend",
        "shared.platform.aws.secrets",
    }


_TALK = """
import sys
sys.path[0:0] = sys.argv[2:]
from shared.platform.cache.backend import CacheUnavailable
from shared.platform.cache.redis_backend import RedisBackend, redis
assert redis.__file__.startswith(sys.argv[3]), redis.__file__
backend = RedisBackend(lambda: sys.argv[1])
backend.set("a", "1", ttl=60)
assert backend.add("b", "2", ttl=60) and not backend.add("b", "3", ttl=60)
assert backend.get_many(["a", "b", "c"]) == {"a": "1", "b": "2"}
backend.delete("a")
assert backend.get_many(["a"]) == {}
backend.close()
try:
    RedisBackend(lambda: "redis://127.0.0.1:9").get_many(["a"])
except CacheUnavailable:
    print("talked")
"""


@pytest.mark.row("CAC-01")
def test_the_trimmed_client_of_redis_talks_to_a_server(layer: Path) -> None:
    try:
        with redis_server.running() as server:
            command = [sys.executable, "-S", "-E", "-c", _TALK, server.url, str(ROOT), str(layer)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
    except redis_server.Unavailable as missing:
        pytest.skip(str(missing))
    assert (done.stdout, done.stderr) == ("talked\n", "")
