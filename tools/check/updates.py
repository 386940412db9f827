"""What an update would replace or remove: ``python -m tools.check.updates``.

CloudFormation replaces a resource when one of its create-only properties changes, and a root's
change set says nothing of it but "Modify" of nested stacks. What the last release has made of what
holds data is in `released.json`; it is compared with what SAM makes of today's templates, by the
provider schemas that cfn-lint ships. The tags of a stack reach its resources, so a kind that takes
tags only when it is made counts as replaced. Exits with 1 when something would be lost.

`--record` takes up what is new, as soon as it is there, and refuses to forget what would be lost
unless `--give-up` names it: `orders/Table`.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.check.project import ROOT, stack_name, template_paths
from tools.check.provider_schemas import create_only, replaced_by_a_tag
from tools.check.resources import translate
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.local.templates import Template, load_template

RELEASED = Path(__file__).with_name("released.json")
KEPT = frozenset(
    {
        "AWS::AppConfig::Application", "AWS::AppConfig::ConfigurationProfile",
        "AWS::AppConfig::Deployment", "AWS::AppConfig::Environment",
        "AWS::CloudFormation::Stack", "AWS::CloudFront::Distribution",
        "AWS::Cognito::UserPool", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table",
        "AWS::Events::EventBus", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SES::EmailIdentity",
        "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::SecretsManager::Secret",
    }
)  # fmt: skip
"""Kinds that hold data, messages or a name that others know; so does every custom resource."""
_RECORD = "python -m tools.check.updates --record"
Known = Mapping[str, Mapping[str, Any]]


def today(root: Path = ROOT) -> dict[str, dict[str, Any]]:
    """`stack/LogicalId` of what must stay → its kind, condition and create-only properties."""
    found: dict[str, dict[str, Any]] = {}
    for path in template_paths(root):
        stack = "root" if path.parent == root else stack_name(path)
        translated = translate(load_template(path), {"GradualDeployment": "true"})
        found |= {f"{stack}/{name}": each for name, each in described(translated)}
    return found


def described(translated: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a translated template says of each resource that must stay."""
    for name, resource in translated["Resources"].items():
        kind = resource["Type"]
        if kind in KEPT or kind.startswith("Custom::"):
            known = {"kind": kind}
            if "Condition" in resource:
                known["condition"] = resource["Condition"]
            properties = resource.get("Properties", {})
            for each in sorted(create_only(kind)):
                if (value := _at(properties, each.split("/"))) is not None:
                    known[each] = value
            yield name, known


def _at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def lost(released: Known, now: Known) -> dict[str, str]:
    """What a deployment of *now* over *released* would take away, and by what."""
    found = {}
    for name, before in released.items():
        after = now.get(name)
        if after is None:
            found[name] = f"{before['kind']} is removed"
        elif changed := sorted(
            key for key in {*before, *after} if before.get(key) != after.get(key)
        ):
            found[name] = f"{before['kind']} is replaced: {', '.join(changed)} changes"
    return found


def tagged(now: Known) -> dict[str, str]:
    """What another tag of the stack would replace."""
    return {
        name: f"{each['kind']} is replaced by another tag of the stack"
        for name, each in now.items()
        if replaced_by_a_tag(each["kind"])
    }


def problems(released: Known, now: Known) -> list[str]:
    """All of it, a line each."""
    return [f"{name}: {why}" for name, why in sorted((lost(released, now) | tagged(now)).items())]


def read(path: Path = RELEASED) -> dict[str, Any]:
    """Return what the last release has made."""
    known: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return known


@guarded
def main(arguments: Sequence[str], path: Path = RELEASED) -> int:
    """Compare, or record."""
    parser = Parser(description=__doc__)
    parser.add_argument("--record", action="store_true", help="take up what is new")
    parser.add_argument("--give-up", nargs="*", default=[], metavar="STACK/ID")
    asked = parser.parse_args(arguments)
    now = today()
    released = {name: each for name, each in read(path).items() if name not in asked.give_up}
    found = problems(released, now)
    if not asked.record:
        fresh = sorted(now.keys() - released.keys())
        found += [f"{name}: is new; {_RECORD} takes it up" for name in fresh]
    for problem in found:
        print(f"FAILED {problem}")
    if asked.record and not found:
        lines = (f"{json.dumps(name)}: {json.dumps(each)}" for name, each in sorted(now.items()))
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    if not found:
        print(f"{len(released)} resources stay what they are, {len(now)} are there now")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
