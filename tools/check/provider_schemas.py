"""CloudFormation's provider schemas, as cfn-lint ships them: what can change and what replaces."""

from functools import cache
from typing import Any

REGION = "us-east-1"
UNDOCUMENTED = {
    # What the schemas leave out and the guide says: an index of its own makes another table, and
    # other rules for a generated secret generate another one.
    "AWS::DynamoDB::Table": {"LocalSecondaryIndexes"},
    "AWS::SecretsManager::Secret": {"GenerateSecretString"},
}


@cache
def schema_of(kind: str) -> dict[str, Any]:
    """Return the schema of a kind of resource; an error where cfn-lint knows none."""
    # Imported here: cfn-lint takes a second.
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415

    found: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    return found


def create_only(kind: str) -> set[str]:
    """Properties, as paths without their root, of which another value means another resource."""
    if kind.startswith("Custom::"):
        return {"ServiceToken"}  # CloudFormation refuses another
    schema = schema_of(kind)
    pointers = [
        *schema.get("createOnlyProperties", ()),
        *schema.get("conditionalCreateOnlyProperties", ()),
    ]
    return {each.removeprefix("/properties/") for each in pointers} | UNDOCUMENTED.get(kind, set())


def replaced_by_a_tag(kind: str) -> bool:
    """Whether another tag of its stack makes another resource of it."""
    if kind.startswith("Custom::"):
        return False  # a stack's tags do not reach them
    tagging = schema_of(kind).get("tagging") or {}
    if not tagging.get("taggable", True):
        return False
    fixed = create_only(kind)
    where = tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")
    settled = tagging.get("tagOnCreate", False) and not tagging.get("tagUpdatable", True)
    return where in fixed or bool(settled)
