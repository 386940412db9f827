"""The front door's patterns, and which service gets a path."""

import re

import pytest

from tools.templates.errors import TemplateError
from tools.templates.paths import patterns

ROUTES = {
    "catalog": ["/api/v1/products", "/api/v2/products/{product_id}", "/api/v1/rules/{subject}"],
    "gateway": ["/health", "/health/ready", "/api/v2/products/{product_id}/details"],
    "identity": ["/.well-known/jwks.json", "/api/v1/auth/login"],
    "books": ["/api/v1/authors/{name}"],
}


def service(path: str) -> str:
    """As CloudFront would choose: the first pattern that matches, or else the default."""
    for pattern, name in patterns(ROUTES, default="gateway").items():
        expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
        if re.fullmatch(expression, path):
            return name
    return "gateway"


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, paths in ROUTES.items() for p in paths])
def test_every_route_leads_to_its_service(name: str, path: str) -> None:
    assert service(re.sub(r"\{\w+\}", "b-1", path)) == name


def test_what_nobody_owns_is_the_defaults() -> None:
    assert service("/favicon.ico") == "gateway"


def test_a_pattern_names_the_one_version_or_all() -> None:
    assert set(patterns(ROUTES, default="gateway")) == {
        "/api/v2/products/*/details",
        "/api/v?/products*",
        "/api/v1/rules*",
        "/.well-known/*",
        "/api/v1/auth*",
        "/api/v1/authors*",
    }


def test_two_owners_of_a_collection_are_refused() -> None:
    routes = {"orders": ["/api/v1/orders/{id}"], "history": ["/api/v1/orders/{no}"]}
    with pytest.raises(TemplateError, match="both orders and history have its shortest route"):
        patterns(routes, default="gateway")
