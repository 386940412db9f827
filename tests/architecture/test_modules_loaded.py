"""The modules that init of each handler loads: what every cold start of it pays for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.redis_server import RedisServer
from tools.build import target
from tools.build.opt import Layers, build_all
from tools.check.modules import RECORD, modules_of, record_of, recorded
from tools.check.project import declared_handlers, functions_of, handlers, template_paths
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
    http = http_handlers()
    others = [handler for handler in handlers() if handler.resolve() not in http]
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
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    """All layers, for this interpreter and this machine."""
    with pytest.MonkeyPatch.context() as patch:
        try:
            for name, value in target.this_machine().items():
                patch.setenv(name, value)
            return build_all(tmp_path_factory.mktemp("layers"))
        except target.BuildError as error:
            pytest.skip(f"the layers cannot be built here: {str(error).splitlines()[0]}")


@every_handler
def test_a_handler_starts_on_its_own_layers_and_loads_what_is_recorded(
    handler: Path, layers: Layers
) -> None:
    """A difference is either a mistake or is recorded with `make modules` and reviewed."""
    assert set(modules_of(handler, (layers.opt(handler),))) == recorded(handler)


def test_a_module_missing_from_the_layers_is_noticed(layers: Layers) -> None:
    (consumer,) = (path for path in handlers() if path.parent.name == "finalize_order")
    (endpoint,) = (path for path in handlers() if path.parent.name == "place_order")
    with pytest.raises(subprocess.CalledProcessError):
        modules_of(endpoint, (layers.opt(consumer),))


@pytest.mark.row("CAC-01")
def test_a_function_loads_the_cache_that_it_is_told_to_use(layers: Layers) -> None:
    (details,) = (path for path in handlers() if path.parent.name == "get_product_details")

    def more(*conditions: str, **settings: str) -> set[str]:
        opt = layers.opt(details, conditions)
        return set(modules_of(details, (opt,), settings)) - recorded(details)

    assert "redis" not in recorded(details)
    assert more(CACHE_ENTRIES="dynamodb", CACHE_TABLE_NAME="cache") == set()
    assert more(CACHE_ENTRIES="none") == {"shared.platform.cache.null"}
    assert more("CacheInRedis", CACHE_ENTRIES="redis", CACHE_REDIS_SECRET_ARN="cache") == {
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
assert redis.__file__.startswith(sys.argv[2]), redis.__file__
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
def test_the_trimmed_client_of_redis_talks_to_a_server(layers: Layers, redis: RedisServer) -> None:
    (details,) = (path for path in handlers() if path.parent.name == "get_product_details")
    opt = layers.opt(details, {"CacheInRedis"})
    command = [sys.executable, "-S", "-E", "-c", _TALK, redis.url, str(opt)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("talked\n", "")
