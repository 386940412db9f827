from typing import Any

import pytest

from tools.local.behaviours import FrontDoorMisconfigured, find_behaviour, read_behaviours


def _origin(name: str, domain: str = "") -> dict[str, Any]:
    return {
        "Id": name,
        "DomainName": domain or f"{name}1.execute-api.us-east-1.amazonaws.com",
        "CustomHeaders": {"Items": [{"HeaderName": "X-Origin-Verify", "HeaderValue": name}]},
    }


def _behaviour(target: str, pattern: str | None = None) -> dict[str, Any]:
    methods = {"Items": ["GET", "POST"]}
    behaviour = {"TargetOriginId": target, "AllowedMethods": methods}
    return behaviour | ({"PathPattern": pattern} if pattern else {})


DISTRIBUTION = {
    "Origins": {"Items": [_origin("orders"), _origin("catalog"), _origin("gateway")]},
    "CacheBehaviors": {
        "Items": [
            _behaviour("orders", "/api/v1/orders*"),
            _behaviour("catalog", "api/v?/products*"),
            _behaviour("orders", "/.well-known/*"),
        ]
    },
    "DefaultCacheBehavior": _behaviour("gateway"),
}


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/api/v1/orders", "orders1"),
        ("/api/v1/orders/1/history", "orders1"),
        ("/api/v2/products", "catalog1"),
        ("/api/v11/products", "gateway1"),
        ("/API/v1/orders", "gateway1"),
        ("/x/api/v1/orders", "gateway1"),
        ("/.well-known/jwks.json", "orders1"),
        ("/xwell-known/jwks.json", "gateway1"),
        ("/", "gateway1"),
        ("", "gateway1"),
    ],
)
def test_the_first_matching_pattern_wins_and_the_default_takes_the_rest(
    path: str, api: str
) -> None:
    behaviour = find_behaviour(read_behaviours(DISTRIBUTION), path)
    assert behaviour.api_id == api
    assert behaviour.methods == {"GET", "POST"}
    assert behaviour.origin_headers == {"X-Origin-Verify": api.removesuffix("1")}


def test_an_origin_that_is_no_http_api_is_refused() -> None:
    origins = {"Items": [_origin("gateway", "bucket.s3.amazonaws.com")]}
    with pytest.raises(FrontDoorMisconfigured, match=r"bucket\.s3"):
        read_behaviours({"Origins": origins, "DefaultCacheBehavior": _behaviour("gateway")})
