"""`sam local` starts every function and serves every route: its own providers, up to Docker.

A container is all that they are not tried with; whoever has Docker calls
`sam local invoke -e events/…` and `sam local start-api`.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.check.project import ROOT, functions_of, stacks
from tools.check.steps import SAM
from tools.local.templates import load_template

pytestmark = pytest.mark.row("OPS-01")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    if not SAM.exists():
        pytest.skip("the SAM CLI is installed by `make check`")
    child = ROOT / "tools" / "check" / "sam_local_child.py"
    command = [SAM.with_name("python"), child, ROOT / "template.yaml"]
    # What the shell says would go before the templates.
    bare = {name: os.environ[name] for name in ("PATH", "HOME")}
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, text=True, env=bare)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def declared() -> dict[str, tuple[Path, dict[str, Any]]]:
    """Every function's folder and properties, by `Application/LogicalId`."""
    return {
        f"{name.title().replace('_', '')}/{logical_id}": (
            path.parent / properties["CodeUri"],
            properties,
        )
        for name, path in stacks(ROOT).items()
        for logical_id, properties in functions_of(load_template(path)).items()
    }


def test_every_function_is_found_with_its_code_and_its_layers(
    found: dict[str, Any], declared: dict[str, tuple[Path, dict[str, Any]]]
) -> None:
    functions = found["functions"]
    assert functions.keys() == declared.keys()
    assert len(functions) > 60
    for name, (folder, properties) in declared.items():
        function = functions[name]
        assert Path(function["code"]) == folder.resolve()
        module = function["handler"].removesuffix(".handler") + ".py"
        assert (folder / module).is_file(), name
        own = {each["Ref"] for each in properties.get("Layers", []) if "Ref" in each}
        assert own <= set(function["layers"]), name
        assert function["variables"]["SERVICE"] == folder.parent.name
        assert function["runtime"] == "python3.13"


def test_every_function_has_an_event_that_it_takes(
    found: dict[str, Any], declared: dict[str, tuple[Path, dict[str, Any]]]
) -> None:
    """As `sam local invoke -e` reads it: a file with one JSON object."""
    taken = 0
    for name in found["functions"]:
        folder, _ = declared[name]
        sample = ROOT / "events" / folder.parent.name / f"{folder.name}.json"
        if folder.name == "unmatched":  # of whatever no other route of the API takes
            continue
        assert isinstance(json.loads(sample.read_text("utf-8")), dict), sample
        taken += 1
    assert taken > 50


def test_every_route_is_served_by_its_function(
    found: dict[str, Any], declared: dict[str, tuple[Path, dict[str, Any]]]
) -> None:
    served = {
        (method, route["path"]): route["function"]
        for route in found["routes"]
        for method in route["methods"]
    }
    routes = 0
    for name, (_, properties) in declared.items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "HttpApi" and event["Properties"]["Path"] != "$default":
                routes += 1
                key = (event["Properties"]["Method"].upper(), event["Properties"]["Path"])
                assert served.get(key) == name, key
    assert routes > 30
