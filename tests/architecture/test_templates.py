"""Every template against what CloudFormation, SAM and this repository's conventions demand."""

from pathlib import Path

import pytest
from samtranslator.model.exceptions import InvalidDocumentException

from tools.build.declared import LAYER
from tools.check import resources
from tools.check.project import (
    FUNCTION,
    ROOT,
    declared_handlers,
    functions_of,
    handlers,
    stack_name,
    stacks,
    template_paths,
)
from tools.local.templates import Template, alternatives, load_template

SERVICES = list(stacks().values())
FIXTURES = Path(__file__).parent / "fixtures"

service = pytest.mark.parametrize("path", SERVICES, ids=stack_name)


def test_there_are_services_to_look_at() -> None:
    assert SERVICES
    assert handlers()


@pytest.mark.parametrize("path", template_paths(), ids=stack_name)
def test_a_stack_stays_well_below_cloudformations_limit(path: Path) -> None:
    assert 0 < resources.count(load_template(path)) <= resources.RESOURCE_LIMIT


@service
def test_every_function_of_a_template_has_its_handler(path: Path) -> None:
    missing = [n for n, handler in declared_handlers(path).items() if not handler.exists()]
    assert missing == []


@service
def test_every_handler_is_a_function_of_one_template_of_its_context(path: Path) -> None:
    beside = [each for each in SERVICES if each.parent == path.parent]
    declared = [handler for each in beside for handler in declared_handlers(each).values()]
    assert undeclared(path.parent, {handler.resolve() for handler in declared}) == []
    assert len(declared) == len(set(declared))


@service
def test_functions_are_named_after_their_use_case(path: Path) -> None:
    expected = {
        name: "".join(word.capitalize() for word in handler.parent.name.split("_")) + "Function"
        for name, handler in declared_handlers(path).items()
    }
    assert list(expected) == list(expected.values())


@service
def test_what_the_project_builds_is_built_by_the_project(path: Path) -> None:
    """SAM's own Python builder would ship no bytecode."""
    template = load_template(path)
    resources = template["Resources"].items()
    built = {name: each for name, each in resources if each["Type"] in (FUNCTION, LAYER)}
    methods = {name: each.get("Metadata", {}).get("BuildMethod") for name, each in built.items()}
    assert set(methods.values()) == {"makefile"}, methods


@service
def test_no_function_may_do_anything_to_everything(path: Path) -> None:
    assert sweeping_statements(load_template(path)) == []


def undeclared(folder: Path, declared: set[Path]) -> list[str]:
    """Use cases of a service that its template does not mention."""
    found = folder.glob("*/handler.py")
    return [handler.parent.name for handler in found if handler.resolve() not in declared]


def sweeping_statements(template: Template) -> list[str]:
    """Functions with a statement whose actions are open."""
    found = []
    for name, properties in functions_of(template).items():
        for policy in alternatives(properties.get("Policies", [])):
            statements = policy["Statement"] if isinstance(policy, dict) else [policy]
            for statement in statements if isinstance(statements, list) else [statements]:
                actions = statement["Action"] if isinstance(statement, dict) else str(statement)
                actions = [actions] if isinstance(actions, str) else actions
                if any("*" in action for action in actions) or isinstance(statement, str):
                    found.append(name)
    return found


class TestTheGatesCanFail:
    """Each gate above, shown a template that it must refuse."""

    def test_a_template_that_sam_refuses(self) -> None:
        with pytest.raises(InvalidDocumentException):
            resources.count(load_template(FIXTURES / "broken.yaml"))

    def test_more_resources_than_allowed(self) -> None:
        queues = {
            f"Queue{n}": {"Type": "AWS::SQS::Queue"} for n in range(resources.RESOURCE_LIMIT + 1)
        }
        template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": queues}
        assert resources.count(template) > resources.RESOURCE_LIMIT

    def test_a_handler_that_no_template_mentions(self, tmp_path: Path) -> None:
        (tmp_path / "ship_order").mkdir()
        (tmp_path / "ship_order" / "handler.py").touch()
        assert undeclared(tmp_path, declared=set()) == ["ship_order"]

    def test_a_function_without_a_handler_and_with_sweeping_rights(self) -> None:
        path = FIXTURES / "sweeping.yaml"
        assert [h.exists() for h in declared_handlers(path).values()] == [False]
        assert sweeping_statements(load_template(path)) == ["ShipOrderFunction"]

    def test_sweeping_rights_under_a_condition(self) -> None:
        template = load_template(FIXTURES / "sweeping.yaml")
        (properties,) = functions_of(template).values()
        (policy,) = properties["Policies"]
        properties["Policies"] = [{"Fn::If": ["Always", policy, {"Ref": "AWS::NoValue"}]}]
        assert sweeping_statements(template) == ["ShipOrderFunction"]


def test_a_condition_that_is_not_met_is_not_passed_over() -> None:
    """`…IfExists` lets through whatever says nothing of it: a mail from any address, for one."""
    texts = [path.read_text("utf-8") for path in (*template_paths(), ROOT / "template.yaml")]
    assert [text for text in texts if "IfExists" in text] == []
    notifications = next(text for text in texts if "ses:FromAddress" in text)
    assert notifications.count('StringEquals: {"ses:FromAddress": !Ref SenderEmail}') == (
        notifications.count("Action: ses:SendEmail")
    )
