"""What each function of a service runs, as one hash: `python -m tools.build.fingerprint SERVICE…`.

It is read from sources and locks, without building. Two releases whose hashes are equal run the
same code on the same packages with the same settings; a hash that changed means a new version of
that function. The build writes it into `AutoPublishCodeSha256`, past which SAM looks at nothing.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.build import layer, shared_layer, sources
from tools.build.declared import SHARED, layers_of, name_of
from tools.build.layer import recipe
from tools.build.target import target
from tools.check.project import ROOT, functions_of, stacks
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.local.templates import Template, load_template

_ABOUT_IT = frozenset(
    {
        "AutoPublishAlias", "AutoPublishAliasAllProperties", "AutoPublishCodeSha256",
        "DeploymentPreference", "Events", "Policies", "Tags", "VersionDescription",
    }
)  # fmt: skip
"""What a template says of a function that no version of it keeps."""


def fingerprint(service: str, root: Path = ROOT) -> dict[str, str]:
    """Logical id → hash of the code and of all layers that the function has or may have.

    Of all functions of the service, whichever of its stacks they are in.
    """
    paths = [path for path in stacks(root).values() if path.parent.name == service]
    return {name: found for path in paths for name, found in _of_a_stack(path, root).items()}


def _of_a_stack(path: Path, root: Path) -> dict[str, str]:
    template = load_template(path)
    layers: dict[str, str] = {}
    found = {}
    for function, properties in functions_of(template).items():
        code = path.parent / properties["CodeUri"]
        parts = [_sources(code, code.rglob("*.py"), Path(sources.__file__))]
        for name in layers_of(template, function):
            layers[name] = layers.get(name) or _layer(template, name, path.parent.name, root)
            parts.append(layers[name])
        parts.append(_settings(template, function))
        found[function] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return found


def _settings(template: Template, function: str) -> str:
    """What the template says of how the function runs, parameters by their names."""
    shared = template.get("Globals", {}).get("Function", {})
    said = [shared, functions_of(template)[function]]
    kept = [{key: each[key] for key in each.keys() - _ABOUT_IT} for each in said]
    return json.dumps(kept, sort_keys=True)


def _layer(template: Template, name: str, service: str, root: Path) -> str:
    folder = name_of(template, name)
    if folder != SHARED:
        return layer.key_of(root / "layers" / folder)
    shared = root / SHARED
    modules = shared_layer.modules(shared, service)
    return _sources(shared, modules, Path(shared_layer.__file__))


def _sources(folder: Path, paths: Iterable[Path], builder: Path) -> str:
    """Changes with the files, with what they are compiled for, and with the code that builds."""
    digest = hashlib.sha256(target().encode())
    for path in (*sorted(paths), *recipe(builder)):
        name = path.relative_to(folder if path.is_relative_to(folder) else ROOT)
        digest.update(f"\0{name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@guarded
def main(arguments: Sequence[str]) -> int:
    """Print what the functions of the services that the arguments name consist of."""
    parser = Parser(description=__doc__)
    parser.add_argument("services", nargs="+")
    for each in parser.parse_args(arguments).services:
        for function, found in fingerprint(each).items():
            print(f"{each}/{function} {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
