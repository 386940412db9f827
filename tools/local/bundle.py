"""Everything a deployment uploads: the packages and the translated templates of all stacks."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.build import shared_layer
from tools.local.packaging import Package, empty_package, link_layer, package
from tools.local.templates import Template, load_template
from tools.local.translate import translate

BUCKET = "tradewind-artifacts"
# SAM resources with a local folder or file in a property, which a deployment replaces by a URL.
FUNCTION = "AWS::Serverless::Function"
LAYER = "AWS::Serverless::LayerVersion"
APPLICATION = "AWS::Serverless::Application"


@dataclass(slots=True)
class Bundle:
    """Collects what the template at its root needs, by following its local references."""

    project_root: Path
    cache: Path
    packages: dict[str, Package] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)

    def add_template(self, path: Path) -> str:
        """Bundle the template at *path* and all it refers to; return its S3 key."""
        return self.add(load_template(path), path.parent)

    def add(self, source: Template, folder: Path) -> str:
        """Bundle a template whose references start at *folder*; return its S3 key."""
        defaults = source.get("Globals", {}).get("Function", {})
        if isinstance(uri := defaults.get("CodeUri"), str):
            defaults["CodeUri"] = self._code(folder / uri)
        for resource in source["Resources"].values():
            self._replace_references(resource, folder)
        translated = translate(source, self.cache)
        content = json.dumps(translated, sort_keys=True).encode()
        key = f"{hashlib.sha256(content).hexdigest()}.template.json"
        self.templates[key] = translated
        return key

    def stacks(self, root_key: str) -> dict[str, Template]:
        """Return the translated templates of the nested stacks by their logical ids."""
        return {
            logical_id: self.templates[_key(resource["Properties"]["TemplateURL"])]
            for logical_id, resource in self.templates[root_key]["Resources"].items()
            if resource["Type"] == "AWS::CloudFormation::Stack"
        }

    def _replace_references(self, resource: dict[str, Any], folder: Path) -> None:
        properties = resource.get("Properties", {})
        kind = resource["Type"]
        if kind == FUNCTION and isinstance(uri := properties.get("CodeUri"), str):
            properties["CodeUri"] = self._code(folder / uri)
        elif kind == LAYER:
            properties["ContentUri"] = self._layer(folder / properties["ContentUri"], folder.name)
        elif kind == APPLICATION:
            properties["Location"] = template_url(
                self.add_template((folder / properties["Location"]).resolve())
            )

    def _code(self, folder: Path) -> str:
        return self._keep(package(folder.resolve(), self.cache))

    def _layer(self, folder: Path, service: str) -> str:
        source = folder.resolve()
        if source == self.project_root / "shared":
            # What the layer's build takes, and where it puts it: as `shared` below /opt/python.
            paths = shared_layer.modules(source, service)
            layer = package(source, self.cache, prefix="python/shared/", paths=paths)
            return self._keep(link_layer(layer, self.cache))
        return self._keep(empty_package(self.cache))

    def _keep(self, made: Package) -> str:
        self.packages[made.key] = made
        return f"s3://{BUCKET}/{made.key}"


def template_url(key: str) -> str:
    """Return the URL CloudFormation reads the uploaded template *key* from."""
    return f"https://s3.amazonaws.com/{BUCKET}/{key}"


def _key(url: str) -> str:
    return url.rsplit("/", 1)[-1]
