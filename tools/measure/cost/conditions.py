"""What CloudFormation makes of a template's conditions with given parameters."""

from collections.abc import Mapping
from typing import Any

from tools.local.templates import Template

ELSEWHERE = "(elsewhere)"
"""What another resource will be called; never empty."""


def values(template: Template, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters' values: what is *given*, over the defaults."""
    defaults = {name: each.get("Default") for name, each in template["Parameters"].items()}
    return defaults | dict(given)


def resolved(said: Any, template: Template, known: Mapping[str, Any]) -> Any:
    """Return a value, or whether a condition holds."""
    if not isinstance(said, dict):
        return said
    ((kind, what),) = said.items()
    conditions = template.get("Conditions", {})
    match kind:
        case "Ref":
            return known.get(what, ELSEWHERE)
        case "Condition":
            return resolved(conditions[what], template, known)
        case "Fn::If":
            name, yes, no = what
            holds = resolved(conditions[name], template, known)
            return resolved(yes if holds else no, template, known)
        case "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not":
            parts = [resolved(part, template, known) for part in what]
            return {
                "Fn::Equals": str(parts[0]) == str(parts[-1]),
                "Fn::And": all(parts),
                "Fn::Or": any(parts),
                "Fn::Not": not parts[0],
            }[kind]
    return ELSEWHERE


def is_there(resource: Mapping[str, Any], template: Template, known: Mapping[str, Any]) -> bool:
    """Whether a resource's condition holds, or it has none."""
    name = resource.get("Condition")
    return name is None or bool(resolved(template["Conditions"][name], template, known))
