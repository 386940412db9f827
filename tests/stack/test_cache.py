"""Where product details are kept is the operator's choice, on a stack with IAM enforced."""

from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis

from tests.support.redis_server import RedisServer
from tools.lab.support.shop import Shop
from tools.local.options import Options
from tools.local.reporter import Reporter
from tools.local.stack import LocalStack

pytestmark = pytest.mark.row("CAC-01")

PASSWORD = uuid4().hex
NEEDED = ("identity", "catalog", "inventory", "gateway")


def stack_with(cache: str, work_dir: Path) -> LocalStack:
    return LocalStack(
        Options(port=0, front_port=0, services=NEEDED, cache=cache, work_dir=work_dir), Reporter()
    )


def asked_about_twice(shop: Shop) -> str:
    """Change a product between two questions about it; return its id."""
    product = shop.new_product(f"TEST_{uuid4().hex[:12].upper()}", price=1_250, stock=3)
    details = f"/api/v2/products/{product}/details"
    for overview in ("First.", "Second."):
        change = {"overview": overview}
        answer = shop.admin.request("PATCH", f"/api/v2/products/{product}", json=change)
        assert answer.status_code == 200, answer.text
        for _ in range(2):
            answer = shop.http.get(details)
            assert answer.status_code == 200, answer.text
            assert answer.json()["data"]["overview"] == overview
    return product


def cache_tables(stack: LocalStack) -> list[str]:
    names: list[str] = stack.client("dynamodb").list_tables()["TableNames"]
    return [name for name in names if "CacheTable" in name]


def test_in_a_table_that_is_made_for_it(tmp_path: Path) -> None:
    with stack_with("dynamodb", tmp_path) as stack, Shop.opened(stack) as shop:
        product = asked_about_twice(shop)
        (table,) = cache_tables(stack)
        dynamodb = stack.client("dynamodb")
        keys = {item["PK"]["S"] for item in dynamodb.scan(TableName=table)["Items"]}
        assert keys == {f"CACHE#catalog-entry-2:{product}"}
        ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert ttl["AttributeName"] == "expires_at"


def test_in_redis_whose_password_no_function_has_in_its_environment(
    tmp_path: Path, redis: RedisServer
) -> None:
    with closing(Redis.from_url(redis.url)) as operator:
        operator.config_set("requirepass", PASSWORD)
    url = redis.url.replace("redis://", f"redis://:{PASSWORD}@")
    with stack_with(url, tmp_path) as stack, Shop.opened(stack) as shop:
        product = asked_about_twice(shop)
        assert cache_tables(stack) == []
        with closing(Redis.from_url(url, decode_responses=True)) as client:
            assert client.keys() == [f"catalog-entry-2:{product}"]
        name = stack.function("gateway", "get_product_details")
        known = stack.client("lambda").get_function_configuration(FunctionName=name)
        variables = known["Environment"]["Variables"]
        assert variables["CACHE_ENTRIES"] == "redis"
        assert PASSWORD not in str(variables)
        secret = variables["CACHE_REDIS_SECRET_ARN"]
        assert (
            stack.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"] == url
        )
