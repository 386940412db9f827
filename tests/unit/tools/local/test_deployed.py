"""What was deployed is shown by context, whichever of its stacks it is in."""

from typing import Any

from tools.local.deployed import by_context
from tools.local.description import ServiceStack


def stack(name: str, **parts: Any) -> ServiceStack:
    kinds = ("outputs", "functions", "tables", "queues", "resources")
    return ServiceStack(name=name, **{kind: parts.get(kind, {}) for kind in kinds})


def test_a_context_with_two_stacks_has_what_is_in_either() -> None:
    first = stack(
        "t-Catalog-1",
        outputs={"ApiId": "one", "TableName": "table"},
        functions={"get_product": "t-Catalog-1-GetProduct"},
        tables={"Table": "table"},
        resources={"Api": "one", "GetProductLogGroup": "g", "GetProductFunction": "f"},
    )
    second = stack(
        "t-CatalogAdmin-2",
        outputs={"ApiId": "two"},
        functions={"list_rules": "t-CatalogAdmin-2-ListRules"},
        queues={"HearQueue": "queue"},
        resources={"Api": "two", "ListRulesLogGroup": "h", "ListRulesFunction": "l"},
    )
    orders = stack("t-Orders-3", functions={"get_order": "o"})
    contexts = {"CatalogAdmin": "catalog", "Catalog": "catalog", "Orders": "orders"}
    found = by_context({"CatalogAdmin": second, "Orders": orders, "Catalog": first}, contexts)
    assert found.keys() == {"catalog", "orders"}
    assert found["orders"] == orders
    catalog = found["catalog"]
    assert catalog.name == "t-Catalog-1"
    assert catalog.outputs == {"ApiId": "one", "TableName": "table"}
    assert catalog.functions.keys() == {"get_product", "list_rules"}
    assert (catalog.tables, catalog.queues) == ({"Table": "table"}, {"HearQueue": "queue"})
    assert catalog.resources["Api"] == "one"
    assert catalog.log_groups() == {"g": "f", "h": "l"}
