"""The templates as one system: every reference resolved to a name or ARN that says what it is.

A resource's physical name is symbolic, ``orders-Table`` for `Table` of the service `orders`. So
are the ARNs, which have AWS's form; `root` is the template that composes the services.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from tools.check.project import FUNCTION, ROOT, functions_of, stacks
from tools.check.resources import translate
from tools.local.templates import Template, load_template

REGION, ACCOUNT = "eu-west-1", "000000000000"
APPLICATION = "AWS::Serverless::Application"
_PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": "",
}
_ARN = {
    "AWS::DynamoDB::Table": "dynamodb:{at}:table/{name}",
    "AWS::SQS::Queue": "sqs:{at}:{name}",
    "AWS::SecretsManager::Secret": "secretsmanager:{at}:secret:{name}",
    "AWS::Events::EventBus": "events:{at}:event-bus/{name}",
    "AWS::Events::Rule": "events:{at}:rule/{name}",
    "AWS::Lambda::Function": "lambda:{at}:function:{name}",
    FUNCTION: "lambda:{at}:function:{name}",
    "AWS::SNS::Topic": "sns:{at}:{name}",
    "AWS::KMS::Key": "kms:{at}:key/{name}",
}
_REFERENCE = re.compile(r"\$\{([^!}][^}]*)\}")


class System:
    """The root template and the stacks it composes, by `stack_name`: a context may have two."""

    def __init__(self, root: Path = ROOT) -> None:
        self._paths = stacks(root)
        self.templates: dict[str, Template] = {
            name: load_template(path) for name, path in self._paths.items()
        }
        self.templates["root"] = load_template(root / "template.yaml")
        self._stacks = {
            path.relative_to(root).as_posix(): name for name, path in self._paths.items()
        }

    @cached_property
    def translated(self) -> dict[str, Template]:
        """The services as SAM translates them: roles and event sources spelt out."""
        services = {name: t for name, t in self.templates.items() if name != "root"}
        return {name: translate(template) for name, template in services.items()}

    def value(self, service: str, expression: Any) -> str:
        """Return what *expression* stands for in the template of *service*.

        `LookupError` names what cannot be resolved.
        """

        def of_reference(found: re.Match[str]) -> str:
            return self._reference(service, found[1])

        match expression:
            case str() | int():
                value = str(expression)
            case {"Ref": str(name)}:
                value = self._ref(service, name)
            case {"Fn::GetAtt": [str(name), *attribute]}:
                value = self._attribute(service, name, ".".join(attribute))
            case {"Fn::Sub": str(text)}:
                value = _REFERENCE.sub(of_reference, text)
            case {"Fn::Sub": [str(text), dict(own)]}:
                own = {name: self.value(service, each) for name, each in own.items()}
                value = _REFERENCE.sub(lambda f: own.get(f[1]) or of_reference(f), text)
            case {"Fn::Join": [str(glue), list(parts)]}:
                value = glue.join(self.value(service, part) for part in parts)
            case {"Fn::Select": [int(index), {"Fn::Split": [str(separator), whole]}]}:
                value = self.value(service, whole).split(separator)[index]
            # A list stays the text that it is split from.
            case {"Fn::If": [_, part, _]} | {"Fn::Split": [",", part]}:
                value = self.value(service, part)
            case _:
                raise LookupError(f"{service}: {expression} is beyond this resolver")
        return value

    def environment(self, service: str, logical_id: str) -> dict[str, str]:
        """Return the variables of a function."""
        template = self.templates[service]
        shared = template.get("Globals", {}).get("Function", {}).get("Environment", {})
        own = functions_of(template)[logical_id].get("Environment", {})
        variables = {**shared.get("Variables", {}), **own.get("Variables", {})}
        return {name: self.value(service, each) for name, each in variables.items()}

    def functions(self) -> dict[str, tuple[str, str]]:
        """Return (stack, logical id) of every function by ``context/use_case``."""
        return {
            f"{path.parent.name}/{properties['CodeUri'].strip('./')}": (stack, logical_id)
            for stack, path in self._paths.items()
            for logical_id, properties in functions_of(self.templates[stack]).items()
        }

    def context(self, stack: str) -> str:
        """Return the context whose stack it is."""
        return self._paths[stack].parent.name

    def event_source(self, service: str, logical_id: str) -> str:
        """Return the ARN of the queue or stream that feeds a function, or nothing."""
        properties = functions_of(self.templates[service])[logical_id]
        for event in properties.get("Events", {}).values():
            for kind in ("Queue", "Stream"):
                if kind in event["Properties"]:
                    return self.value(service, event["Properties"][kind])
        return ""

    def _reference(self, service: str, text: str) -> str:
        name, dot, attribute = text.partition(".")
        return self._attribute(service, name, attribute) if dot else self._ref(service, name)

    def _ref(self, service: str, name: str) -> str:
        if name == "AWS::StackName":
            # Whatever the system has is called after its root stack; symbolic names leave it out.
            return "*" if service == "root" else service
        if name in _PSEUDO:
            return _PSEUDO[name]
        template = self.templates[service]
        if name in template.get("Parameters", {}):
            return self._parameter(service, name)
        kind = self._kind(service, name)
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{service}-{name}"
        if kind in ("AWS::SecretsManager::Secret", "AWS::SNS::Topic"):
            return self._arn(kind, f"{service}-{name}")
        return f"{service}-{name}"

    def _parameter(self, service: str, name: str) -> str:
        """Return what the root template passes, or else the parameter's default."""
        for application in self.templates["root"]["Resources"].values():
            properties = application.get("Properties", {})
            location = str(properties.get("Location"))
            if application["Type"] == APPLICATION and self._stacks.get(location) == service:
                passed = properties.get("Parameters", {})
                if name in passed:
                    return self.value("root", passed[name])
        return str(self.templates[service]["Parameters"][name].get("Default", f"a-{name}"))

    def _attribute(self, service: str, name: str, attribute: str) -> str:
        kind = self._kind(service, name)
        if kind == APPLICATION:
            location = self.templates[service]["Resources"][name]["Properties"]["Location"]
            child = self._stacks[location]
            output = self.templates[child]["Outputs"][attribute.removeprefix("Outputs.")]
            return self.value(child, output["Value"])
        if attribute in ("Arn", "Id") and kind in _ARN:
            return self._arn(kind, f"{service}-{name}")
        if attribute == "StreamArn":
            return self._arn(kind, f"{service}-{name}") + "/stream/latest"
        return f"{service}-{name}.{attribute}"

    def _kind(self, service: str, name: str) -> str:
        for template in (self.templates[service], self.translated.get(service, {"Resources": {}})):
            if name in template["Resources"]:
                return str(template["Resources"][name]["Type"])
        raise LookupError(f"{service}: there is no {name}")

    @staticmethod
    def _arn(kind: str, name: str) -> str:
        return "arn:aws:" + _ARN[kind].format(at=f"{REGION}:{ACCOUNT}", name=name)
