"""What a function finds in its environment, read from its template."""

import re
from pathlib import Path
from typing import Any

from tools.check.project import declaring, functions_of
from tools.local.templates import Template, load_template

# What Lambda itself sets, and credentials that lead nowhere. Nothing listens at the endpoint.
_LAMBDA = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_REGION": "eu-west-1",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
    "LAMBDA_TASK_ROOT": "/var/task",
}

# Parameters whose value has a form, as the root stack fills them.
_EXAMPLES = {"FlagsAppConfig": "an-application/an-environment/a-profile"}


def environment_of(handler: Path) -> dict[str, str]:
    """The variables of the function whose handler this is.

    A reference to a parameter gives an example of its form or the parameter's default, any other
    reference a placeholder that carries the referred name.
    """
    path, name = declaring(handler)
    template = load_template(path)
    own = functions_of(template)[name]
    shared = template.get("Globals", {}).get("Function", {})
    variables = _variables(shared) | _variables(own)
    resolved = {key: _resolved(value, template) for key, value in variables.items()}
    return {**_LAMBDA, "AWS_LAMBDA_FUNCTION_NAME": name, **resolved}


def _variables(properties: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = properties.get("Environment", {}).get("Variables", {})
    return found


def _resolved(value: object, template: Template) -> str:
    match value:
        case {"Ref": str(name)}:
            return _named(name, template)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: _named(found[1], template), text)
        case {"Fn::GetAtt": [str(name), *_]}:
            return _named(name, template)
        case dict():
            return "a-value"
    return str(value)


def _named(name: str, template: Template) -> str:
    if name in _EXAMPLES:
        return _EXAMPLES[name]
    default = template.get("Parameters", {}).get(name, {}).get("Default")
    return "a-" + re.sub(r"\W+", "-", name) if default is None else str(default)
