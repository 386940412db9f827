"""The documents show who may what as the table that is written by hand has it."""

import tomllib

import pytest

from tools.docs import permissions
from tools.lab.authorization.table import Table

pytestmark = pytest.mark.row("PRM-01", "PRM-02")

WRITTEN = """
[role.customer]
may = ["order:read"]
silent = "theirs"
[role.admin]
may = "everything"
said = "admin"
[object.order]
own = "yes"
another = { needs = ["order:admin"] }
missing = "hidden"
[route."GET /orders/{id}"]
who = ["order:read"]
fresh = 15
object = "order"
[route."GET /orders"]
who = ["order:read"]
lists = "order"
only = ["own"]
[route."GET /health"]
who = "anyone"
bad = "ignored"
"""


KNOWN = Table(tomllib.loads(WRITTEN))


def test_a_role_gives_what_the_table_says_and_nothing_else() -> None:
    lines = permissions.roles(KNOWN).splitlines()
    assert lines[0] == "| Permission | customer | admin |"
    assert "| `order:read` | ✓ | ✓ |" in lines
    assert "| `order:admin` |  | ✓ |" in lines


def test_every_role_has_its_reason() -> None:
    assert permissions.reasons(KNOWN).splitlines()[2:] == [
        "| customer | theirs. |",
        "| admin | admin. |",
    ]


def test_a_route_says_who_may_and_reach_what() -> None:
    assert permissions.routes(KNOWN).splitlines()[2:] == [
        (
            "| `GET /orders/{id}` | `order:read` | 15 minutes |"
            " own order: yes; another order: `order:admin` |"
        ),
        "| `GET /orders` | `order:read` |  | own order: yes |",
        "| `GET /health` | anyone |  |  |",
    ]
