"""The modules that init of each handler loads: what every cold start of it pays for."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.redis_server import RedisServer
from tools.build import target
from tools.build.imports import imports
from tools.build.opt import Layers, build_all
from tools.check.loaded import KINDS, Budgets, Extras, reached
from tools.check.modules import loaded_by, measured, modules_of, name_of, recorded
from tools.check.project import (
    declared_handlers,
    declaring,
    functions_of,
    handlers,
    template_paths,
)
from tools.local.templates import load_template

# What only these functions may pay for.
CRYPTOGRAPHY = {
    "identity/authorize": {"cryptography"},
    "identity/rotate_signing_keys": {"cryptography"},
    "identity/change_password": {"argon2"},
    "identity/log_in": {"argon2", "cryptography"},
    "identity/refresh_tokens": {"cryptography"},
    "identity/register": {"argon2"},
}
NEVER = {"moto", "ministack", "pytest", "cffi"}
# Powertools' feature flags import boto3, which our own clients do without.
BOTO3 = {"boto3", "s3transfer"}
READERS_OF_FLAGS = {"notifications/notify_on_event", "notifications/notify_sales"}
HTTP_ONLY = {"fastapi", "starlette", "mangum", "anyio", "pydantic", "pydantic_core"}

LOAD_OTHER_USE_CASES = {
    "catalog/validate_against_rules",
    "operations/redrive_dead_letters",
    "operations/replay_events",
    "operations/run_migrations",
}
"""Functions whose events, or candidates, one module reads for several use cases of a context."""

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


def test_the_record_can_be_read_at_a_glance() -> None:
    budgets = Budgets.read()
    assert set(budgets.functions) == {name_of(handler) for handler in handlers()}
    assert set(budgets.kinds) == set(KINDS)
    assert budgets.entries <= 500


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


@pytest.fixture(scope="module")
def started(layers: Layers) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """What each handler loads on its own layers, and whose models, by ``context/use_case``."""
    own = [(layers.opt(each),) for each in handlers()]  # laid out one after the other
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(loaded_by, handlers(), own)
        return dict(zip(map(name_of, handlers()), found, strict=True))


HANDLERS = {name_of(handler): handler for handler in handlers()}


@pytest.mark.long
def test_handlers_start_on_their_own_layers_and_load_what_is_recorded(
    started: dict[str, tuple[frozenset[str], frozenset[str]]],
) -> None:
    """A difference is either a mistake or is recorded with `make modules` and reviewed."""
    loaded = {name: modules for name, (modules, _) in started.items()}
    found, record = Budgets.of(loaded, HANDLERS), Budgets.read()
    assert found.every == record.every
    assert found.kinds == record.kinds
    assert found.brings == record.brings
    assert found.functions == record.functions
    assert {name: record.loaded(name, HANDLERS[name]) for name in loaded} == loaded


def test_the_functions_of_one_context_can_be_recorded_alone() -> None:
    """Of the others the record is taken at its word."""
    assert measured(["customers"]).text() == Budgets.read().text()


@pytest.mark.parametrize(
    ("module", "changes"),
    [
        ("shared.platform.http.pagination", "a module of the platform that its kind does without"),
        ("shared.orders.queries.list_my_orders", "another use case"),
        ("boto3", "a package"),
    ],
)
def test_a_module_more_is_noticed(module: str, changes: str) -> None:
    name = "orders/get_order"
    loaded = {each: frozenset(recorded(handler)) for each, handler in HANDLERS.items()}
    loaded[name] |= {module, *reached([module])}
    found = Budgets.of(loaded, HANDLERS)
    assert found.functions[name] != Budgets.read().functions[name], changes


def test_a_module_that_everybody_loads_is_noticed() -> None:
    more = reached(["shared.kernel.result"])
    loaded = {name: recorded(handler) | more for name, handler in HANDLERS.items()}
    found = Budgets.of({name: frozenset(each) for name, each in loaded.items()}, HANDLERS)
    assert "shared.kernel.result" in found.every - Budgets.read().every


def test_growth_behind_an_import_is_noticed() -> None:
    """Nobody lists what an import brings, so its modules are counted."""
    assert Extras(beyond=3) != Extras(beyond=4)


def other_use_cases(name: str, loaded: set[str]) -> set[str]:
    """What *loaded* has of other functions' use cases and queries, which their handlers import.

    What no handler imports, as the query whose API key that is, is part of those that do.
    """
    functions = {module for handler in HANDLERS.values() for module in imports(handler)}
    found = {module for module in loaded & functions if USE_CASE.fullmatch(module)}
    return found - imports(HANDLERS[name])


USE_CASE = re.compile(r"shared\.\w+\.(use_cases|queries)\.\w+")


def test_no_function_loads_another_use_case() -> None:
    loading = {
        name for name, handler in HANDLERS.items() if other_use_cases(name, recorded(handler))
    }
    assert loading == LOAD_OTHER_USE_CASES
    assert other_use_cases("orders/place_order", {"shared.orders.use_cases.cancel_order"})


def test_no_function_loads_another_contexts_adapter_but_through_its_api() -> None:
    wrong = {name: foreign(name, recorded(handler)) for name, handler in HANDLERS.items()}
    assert {name for name, modules in wrong.items() if modules} == {"operations/run_migrations"}
    assert foreign("orders/place_order", {"shared.catalog.adapters.quote_reader"})
    assert not foreign("orders/place_order", {"shared.catalog.adapters", "shared.catalog.api"})
    assert not foreign("customers/get_customer_summary", {"shared.orders.published"})


def foreign(name: str, loaded: set[str]) -> set[str]:
    """What *name* loads of contexts other than its own whose `api` it does not load.

    The steps of published events (`published`) are for every reader.
    """
    known = {name.partition("/")[0], "kernel", "platform"}
    known |= {module.split(".")[1] for module in loaded if module.endswith(".api")}
    return {
        module
        for module in loaded
        if module.startswith("shared.") and module.split(".")[1] not in known
        if module.count(".") > 1 and not module.endswith(".published")
    }


@pytest.mark.long
def test_a_function_reads_no_botocore_model_but_its_own(
    started: dict[str, tuple[frozenset[str], frozenset[str]]],
) -> None:
    reads = {
        name: models - allowed_services(HANDLERS[name]) for name, (_, models) in started.items()
    }
    assert {name: models for name, models in reads.items() if models} == {}


def allowed_services(handler: Path) -> set[str]:
    """The services that the function's own policies speak of, as botocore calls them."""
    path, name = declaring(handler)
    own = functions_of(load_template(path))[name]
    actions = set(re.findall(r"'(\w+):\w+'", str(own.get("Policies", ""))))
    return actions | ({"appconfigdata"} if "appconfig" in actions else set())


def test_a_model_that_no_policy_speaks_of_is_noticed() -> None:
    assert "sqs" not in allowed_services(HANDLERS["orders/place_order"])
    assert "dynamodb" in allowed_services(HANDLERS["orders/place_order"])
    _, models = loaded_by(HANDLERS["orders/place_order"])
    assert models == {"dynamodb"}


def test_a_module_missing_from_the_layers_is_noticed(layers: Layers) -> None:
    (consumer,) = (path for path in handlers() if path.parent.name == "finalize_order")
    (endpoint,) = (path for path in handlers() if path.parent.name == "place_order")
    with pytest.raises(subprocess.CalledProcessError):
        modules_of(endpoint, (layers.opt(consumer),))


@pytest.mark.row("CAC-01")
def test_a_function_loads_the_cache_that_it_is_configured_to_use(layers: Layers) -> None:
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
