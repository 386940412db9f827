"""Whether what was built runs where it would be deployed: ``python -m tools.build.deployable``.

The runtime and the machine are parameters of the templates, and nothing ties them to the build:
layers of bytecode alone for Python 3.13 deploy without complaint as python3.12, and then nothing
imports. Exits with 1 when a compiled module or a shared library is for another one, or when
nothing was built.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.build.declared import LAYER
from tools.build.misfit import misfit
from tools.build.target import MAGIC, PLATFORM
from tools.check.project import FUNCTION, ROOT, TEMPLATE
from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.local.templates import Template, load_template

BUILT = ROOT / ".aws-sam" / "build"
_PATHS = {LAYER: "ContentUri", FUNCTION: "CodeUri"}


def parameters(template: Template, configured: Sequence[str], given: Sequence[str]) -> Any:
    """What `sam deploy` gives a new stack: what is *given* takes the place of what is configured.

    A stack that exists keeps what it was given earlier; the build's own narrowing of the
    templates' `AllowedValues` has CloudFormation refuse that where it does not fit.
    """
    defaults = {name: each.get("Default") for name, each in template["Parameters"].items()}
    said = dict(each.split("=", 1) for each in given or configured if "=" in each)
    return defaults | said


def configured(root: Path, environment: str) -> list[str]:
    """The `parameter_overrides` of an environment of `samconfig.toml`."""
    known = tomllib.loads((root / "samconfig.toml").read_text("utf-8"))
    if environment not in known or not isinstance(known[environment], dict):
        named = ", ".join(name for name, each in known.items() if isinstance(each, dict))
        raise ToolError(f"samconfig.toml has no {environment}: it knows {named}.")
    found = known[environment].get("deploy", {}).get("parameters", {})
    overrides = found.get("parameter_overrides", [])
    return overrides.split() if isinstance(overrides, str) else list(overrides)


def foreign(built: Path, values: Mapping[str, Any]) -> Iterator[str]:
    """What below *built* the runtime and the machine of *values* cannot load."""
    version = str(values["PythonVersion"]).removeprefix("python")
    machine = PLATFORM.get(str(values["Architecture"]))
    if version not in MAGIC or machine is None:
        yield (
            f"PythonVersion={values['PythonVersion']} Architecture={values['Architecture']}: "
            f"this build knows python{', python'.join(MAGIC)} on {' and '.join(PLATFORM)}"
        )
        return
    looked_at = 0
    for folder in artifacts(built):
        found = (misfit(path, version, machine) for path in sorted(folder.rglob("*")))
        wrong = [problem for problem in found if problem]
        looked_at += 1
        if wrong:
            more = f", and {len(wrong) - 1} more" if wrong[1:] else ""
            yield f"{folder.relative_to(built)}: {wrong[0]}{more}"
        elif not any(path.is_file() for path in folder.rglob("*")):
            yield f"{folder.relative_to(built)}: nothing is in it"
    if not looked_at:
        yield f"nothing was built in {built}: run make build"


def artifacts(built: Path) -> list[Path]:
    """The folders of the functions and layers of every built template, each once."""
    found = set()
    for path in built.rglob(TEMPLATE):
        for resource in load_template(path)["Resources"].values():
            if (key := _PATHS.get(resource["Type"])) is not None:
                found.add((path.parent / resource["Properties"][key]).resolve())
    return sorted(found)


@guarded
def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Compare what was built with the parameters that it would be deployed with."""
    parser = Parser(description=__doc__)
    parser.add_argument("--config-env", default="default", help="which one of samconfig.toml")
    parser.add_argument("--parameter-overrides", nargs="*", default=[], metavar="NAME=VALUE")
    asked = parser.parse_args(arguments)
    built = root / ".aws-sam" / "build"
    if not (built / TEMPLATE).exists():
        raise ToolError("Nothing was built: run make build.")
    template = load_template(built / TEMPLATE)
    values = parameters(template, configured(root, asked.config_env), asked.parameter_overrides)
    problems = list(foreign(built, values))
    for problem in problems:
        print(f"FAILED {problem}")
    if not problems:
        print(
            f"{len(artifacts(built))} artifacts are for {values['PythonVersion']} "
            f"on {values['Architecture']}"
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
