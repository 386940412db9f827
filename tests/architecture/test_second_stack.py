"""A context that would pass the limit becomes two stacks over one folder; all tools know both.

Shown on a copy of the templates in which catalog's business rules have a stack of their own: no
context of today needs one.
"""

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.second_stack import CONTEXT, MOVED, PART, STACK, split, templates
from tools.build.fingerprint import fingerprint
from tools.build.stamp import CODE, stamp
from tools.check import resources, steps
from tools.check.project import (
    ROOT,
    answers_the_rest,
    contexts,
    declaring,
    functions_of,
    stacks,
    template_of,
)
from tools.docs.catalogue import routes
from tools.lab.authorization.endpoints import endpoints
from tools.lab.authorization.mutants import templates as mutants
from tools.lab.privileges.symbols import APPLICATION, System
from tools.lab.simulation.world.templates import deployed
from tools.local.bundle import Bundle
from tools.local.selection import contexts_of, select_services
from tools.local.templates import Template, load_template
from tools.templates.__main__ import main
from tools.templates.errors import TemplateError
from tools.templates.paths import patterns

pytestmark = pytest.mark.row("OPS-04")

ADMIN = f"functions/{CONTEXT}/{PART}.template.yaml"
CAPTURED = pytest.CaptureFixture[str]
LOCAL = {"AWS::Lambda::Function", "AWS::DynamoDB::Table", "AWS::ApiGatewayV2::Api"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates of the project, completed, with a second stack."""
    target = templates(tmp_path_factory.mktemp("written"))
    split(target)
    assert main([], target) == 0
    return target


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(written, tmp_path, dirs_exist_ok=True)


@pytest.fixture
def project(copy: Path) -> Path:
    """With the code that both stacks run."""
    for path in (ROOT / "functions").glob("*/*/handler.py"):
        target = copy / path.parent.relative_to(ROOT)
        target.mkdir()
        shutil.copy(path, target)
    folder = copy / "functions" / CONTEXT
    shutil.copytree(folder / "unmatched", folder / f"unmatched_{PART}")
    for name in ("layers", "shared"):
        shutil.copytree(ROOT / name, copy / name)
    return copy


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def applications(copy: Path) -> dict[str, dict[str, Any]]:
    found = load_template(copy / "template.yaml")["Resources"].items()
    return {n: each["Properties"] for n, each in found if each["Type"] == APPLICATION}


def test_what_is_written_is_complete(copy: Path, capsys: CAPTURED) -> None:
    assert main(["--check"], copy) == 0, capsys.readouterr().out
    assert stacks(copy).keys() == stacks().keys() | {STACK}
    assert contexts(copy) == contexts()
    first, second = (functions_of(load_template(stacks(copy)[each])) for each in (CONTEXT, STACK))
    assert second.keys() == {f"{each}Function" for each in (*MOVED, "UnmatchedAdmin")}
    assert not first.keys() & second.keys()


def test_the_second_stack_has_what_each_has_but_the_table(copy: Path) -> None:
    template = load_template(copy / ADMIN)
    found = template["Resources"]
    names = {"Api", "CatalogSharedLayer", "CoreLayer", "Dashboard", "FaultsAlarm", "WebLayer"}
    assert names | {"ServerErrorsAlarm", "ErrorsAlarm", "LatencyAlarm"} <= found.keys()
    assert not {"Table", "RelayEventsDeadLetterQueue", "ReadThrottlesAlarm"} & found.keys()
    assert {f"{name}LogGroup" for name in MOVED} <= found.keys()
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert (variables["SERVICE"], variables["TABLE_NAME"]) == (CONTEXT, {"Ref": "TableName"})


def test_sam_and_the_linter_take_them(copy: Path) -> None:
    paths = [copy / "template.yaml", template_of(CONTEXT, root=copy), copy / ADMIN]
    linted = subprocess.run(
        [steps.BIN / "cfn-lint", *paths], capture_output=True, text=True, check=False
    )
    assert (linted.returncode, linted.stdout) == (0, "")
    before = resources.count(load_template(template_of(CONTEXT)))
    first, second = (resources.count(load_template(path)) for path in paths[1:])
    assert max(first, second) < before < first + second
    # What each stack has once, and the four functions with all that belongs to them.
    assert before - first > second / 2


def test_every_reference_of_the_root_leads_somewhere(copy: Path) -> None:
    given = applications(copy)
    for name, properties in given.items():
        declared = load_template(copy / properties["Location"])["Parameters"]
        passed = properties["Parameters"]
        assert passed.keys() <= declared.keys(), name
        assert {n for n, each in declared.items() if "Default" not in each} <= passed.keys(), name
    text = yaml.dump(load_template(copy / "template.yaml"))
    asked = re.findall(r"Fn::GetAtt:\n\s+- (\w+)\n\s+- Outputs\.(\w+)", text)
    assert ("CatalogAdmin", "ApiEndpoint") in asked
    assert ("Catalog", "TableArn") in asked
    for name, output in asked:
        assert output in load_template(copy / given[name]["Location"])["Outputs"], (name, output)


def test_what_the_second_is_given_is_the_firsts(copy: Path) -> None:
    system = System(copy)
    stack, function = system.functions()["catalog/list_business_rules"]
    assert (stack, function) == (STACK, "ListBusinessRulesFunction")
    environment = system.environment(stack, function)
    assert environment["TABLE_NAME"] == "catalog-Table"
    secret = system.value(CONTEXT, {"Fn::GetAtt": ["ServiceSecret", "Id"]})
    assert environment["SERVICE_SECRET_ARN"] == secret
    policies = functions_of(system.templates[stack])[function]["Policies"]
    (table,), (read,) = (each["Statement"] for each in policies)
    assert system.value(stack, table["Resource"]) == system.value(
        CONTEXT, {"Fn::GetAtt": ["Table", "Arn"]}
    )
    assert (read["Action"], system.value(stack, read["Resource"])) == (
        "secretsmanager:GetSecretValue",
        secret,
    )


def test_who_may_call_it_is_asked_there_too(copy: Path) -> None:
    system = System(copy)
    moved = {each.name: each for each in endpoints(system) if "business-rules" in each.path}
    assert len(moved) == len(MOVED) + 1  # HEAD with GET
    for each in moved.values():
        assert (each.service, each.protected) == (CONTEXT, True)
    known = {each.name for each in mutants(system, list(moved.values()))}
    assert known == {f"the gateway does not ask the authorizer at {name}" for name in moved}


def test_the_front_door_knows_the_second_api(copy: Path) -> None:
    found = load_template(copy / "template.yaml")["Resources"]["FrontDoor"]["Properties"]
    config = found["DistributionConfig"]
    ways = {each["PathPattern"]: each["TargetOriginId"] for each in config["CacheBehaviors"]}
    assert ways["/api/v1/business-rules*"] == STACK
    assert ways["/api/v?/products*"] == CONTEXT
    assert STACK in [each["Id"] for each in config["Origins"]]


def test_the_simulator_plays_the_same_cloud(copy: Path) -> None:
    found, known = deployed(copy), deployed()
    assert found.tables == known.tables
    # What answers the rest is told the routes of its own API, which are others now.
    rest = {"catalog.unmatched", "catalog.unmatched_admin"}
    assert {n: e for n, e in found.functions.items() if n not in rest} == (
        {n: e for n, e in known.functions.items() if n not in rest}
    )
    own = [found.functions[each].environment["ROUTES"] for each in sorted(rest)]
    assert ["business-rules" in each for each in own] == [False, True]
    assert {(each.function, each.method, each.path) for each in found.routes} == {
        (each.function, each.method, each.path) for each in known.routes
    }


def test_functions_are_found_whichever_template_they_are_in(project: Path) -> None:
    folder = project / "functions" / CONTEXT
    moved = folder / "list_business_rules" / "handler.py"
    stayed = folder / "get_product" / "handler.py"
    assert declaring(moved) == (project / ADMIN, "ListBusinessRulesFunction")
    assert declaring(stayed) == (folder / "template.yaml", "GetProductFunction")
    assert answers_the_rest(f"unmatched_{PART}")
    assert not answers_the_rest("unmatched_orders")
    assert [(each.method, each.path, each.function) for each in routes(project)] == [
        (each.method, each.path, each.function) for each in routes()
    ]


def test_the_build_stamps_both(project: Path) -> None:
    before = fingerprint(CONTEXT)
    found = fingerprint(CONTEXT, project)
    assert found.keys() == before.keys() | {"UnmatchedAdminFunction"}
    assert found["GetProductFunction"] == before["GetProductFunction"]
    built = project / "built"
    for name in (CONTEXT, STACK):
        (built / name).mkdir(parents=True)
        shutil.copy(stacks(project)[name], built / name / "template.yaml")
    stamped = stamp(built, "1.0.0", partial(fingerprint, root=project))
    written = {
        name: each[CODE]
        for path in stamped
        for name, each in functions_of(load_template(path)).items()
    }
    assert written == found


def test_the_local_stack_deploys_both(project: Path) -> None:
    bundle = Bundle(project, project / "cache")
    root = select_services(load_template(project / "template.yaml"), ["identity", CONTEXT])
    known = contexts_of(root)
    assert known == {"Identity": "identity", "Catalog": CONTEXT, "CatalogAdmin": CONTEXT}
    deployed = bundle.stacks(bundle.add(root, project))
    assert deployed.keys() == known.keys()
    kinds = {
        name: {each["Type"] for each in template["Resources"].values()} & LOCAL
        for name, template in deployed.items()
    }
    assert kinds["Catalog"] == LOCAL
    assert kinds["CatalogAdmin"] == LOCAL - {"AWS::DynamoDB::Table"}
    assert layer(deployed["Catalog"]) == layer(deployed["CatalogAdmin"])


def layer(template: Template) -> Any:
    """The archive of a stack's own layer."""
    (found,) = (
        each["Properties"]["Content"]
        for name, each in template["Resources"].items()
        if name.startswith("CatalogSharedLayer")
    )
    return json.dumps(found)


def test_what_is_left_out_of_the_local_stack_takes_both_along(copy: Path) -> None:
    root = select_services(load_template(copy / "template.yaml"), ["identity"])
    assert contexts_of(root) == {"Identity": "identity"}
    assert STACK not in str(root["Resources"]["FrontDoor"])


def test_too_many_resources_say_what_to_do() -> None:
    first, second = template_of("orders"), template_of("orders", PART)
    said = steps.too_many({first: 401})
    assert said.startswith(
        "functions/orders/template.yaml has 401 resources of 400: "
        "move functions to functions/orders/admin.template.yaml"
    )
    assert "no second stack" in steps.too_many({second: 401})
    assert "no second stack" in steps.too_many({ROOT / "template.yaml": 401})
    assert steps.too_many({}) == ""


class TestWhatIsRefused:
    """Each with the template that it is about, before anything is written."""

    def said(self, copy: Path, capsys: CAPTURED) -> str:
        capsys.readouterr()
        assert main([], copy) == 1
        return capsys.readouterr().err

    def test_a_function_in_both(self, copy: Path, capsys: CAPTURED) -> None:
        edit(copy / ADMIN, "EndBusinessRule", "CreateProduct")
        said = self.said(copy, capsys)
        assert said == f"{ADMIN}: CreateProductFunction is in template.yaml, too\n"

    def test_a_route_in_both(self, copy: Path, capsys: CAPTURED) -> None:
        # The parameter's name makes no other route of it.
        edit(
            copy / ADMIN,
            'Method: GET, Path: "/api/v1/business-rules/{subject}"',
            'Method: GET, Path: "/api/v1/products/{id}"',
        )
        said = self.said(copy, capsys)
        assert said == f"{ADMIN}: GET /api/v1/products/{{}} is in template.yaml, too\n"

    def test_a_path_in_both(self, copy: Path, capsys: CAPTURED) -> None:
        """With another method API Gateway could tell them apart; CloudFront cannot."""
        edit(
            copy / ADMIN,
            'Method: POST, Path: "/api/v1/business-rules/{subject}"',
            'Method: DELETE, Path: "/api/v1/products/{product_id}"',
        )
        assert "both catalog and catalog_admin have it" in self.said(copy, capsys)

    @pytest.mark.parametrize("meant", ["!GetAtt Table.Arn", '!Sub "${Table.Arn}/index/GSI1"'])
    def test_the_firsts_table(self, copy: Path, capsys: CAPTURED, meant: str) -> None:
        edit(copy / ADMIN, "!Ref TableArn", meant)
        assert self.said(copy, capsys) == (
            f"{ADMIN}: the table is in template.yaml: write !Ref TableName, !Ref TableArn\n"
        )

    def test_what_else_only_the_first_has(self, copy: Path, capsys: CAPTURED) -> None:
        edit(copy / ADMIN, "!Ref ServiceSecretArn", "!GetAtt ServiceSecret.Id")
        assert "ServiceSecret is in template.yaml: let that give it" in self.said(copy, capsys)

    def test_a_parameter_that_the_first_does_not_give_out(
        self, copy: Path, capsys: CAPTURED
    ) -> None:
        first = template_of(CONTEXT, root=copy)
        edit(first, "  ServiceSecretArn:\n", "  AnotherArn:\n")
        assert "it has no ServiceSecretArn for catalog_admin" in self.said(copy, capsys)

    @pytest.mark.parametrize("file", [ADMIN, "template.yaml"])
    def test_a_second_template_without_its_table_parameter(
        self, copy: Path, capsys: CAPTURED, file: str
    ) -> None:
        declared = r"  TableName:\n(    .*\n)+" if file == ADMIN else r" +TableName: .*\n"
        path = copy / file
        path.write_text(re.sub(declared, "", path.read_text("utf-8"), count=1), "utf-8")
        capsys.readouterr()
        assert main(["--check"], copy) == 1
        assert re.search(r"^\+ +TableName:", capsys.readouterr().out, re.MULTILINE)

    def test_a_stack_of_another_name(self, copy: Path, capsys: CAPTURED) -> None:
        other = copy / "functions/orders/reports.template.yaml"
        shutil.copy(copy / ADMIN, other)
        assert self.said(copy, capsys) == (
            "functions/orders/reports.template.yaml: a context has no stack reports; "
            "it may have admin\n"
        )

    def test_a_second_without_a_first(self, copy: Path, capsys: CAPTURED) -> None:
        (copy / "functions/shipping").mkdir()
        shutil.copy(copy / ADMIN, copy / "functions/shipping/admin.template.yaml")
        assert "there is no template.yaml beside it" in self.said(copy, capsys)

    def test_a_relay_away_from_its_table(self, copy: Path, capsys: CAPTURED) -> None:
        edit(copy / ADMIN, "EndBusinessRule", "RelayEvents")
        assert "RelayEventsFunction stays with the table" in self.said(copy, capsys)

    def test_a_handler_in_both_is_nobodys(self, project: Path) -> None:
        edit(project / ADMIN, "end_business_rule/", "get_product/")
        with pytest.raises(ValueError, match="too many values"):
            declaring(project / "functions" / CONTEXT / "get_product" / "handler.py")

    def test_a_way_that_leads_to_the_other_api(self) -> None:
        known = {"a": ["/api/v1/things", "/api/v1/things/{id}/parts"], "g": []}
        assert patterns({**known, "a_admin": ["/api/v1/things/all"]}, "g") == {
            "/api/v1/things/all": "a_admin",
            "/api/v1/things*": "a",
        }
        with pytest.raises(TemplateError, match=r"things/\{id\}/parts of a would go to a_admin"):
            patterns({**known, "a_admin": ["/api/v1/things/{id}"]}, "g")
