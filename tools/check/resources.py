"""What a template becomes on CloudFormation, by SAM's own translator, and how many resources."""

import copy
import logging
import os
import warnings
from collections.abc import Mapping
from typing import Any

from tools.local.templates import Template

# CloudFormation refuses more than 500 resources; the distance is room for the next use cases.
RESOURCE_LIMIT = 400
GRADUALLY = {"GradualDeployment": "true"}
# It warns about metrics that nobody published; there is nobody to publish them to.
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)
# And of what it would do differently, if AWS told it to, with functions under a condition.
logging.getLogger("samtranslator.feature_toggle").setLevel(logging.ERROR)
_ARTIFACTS = ("CodeUri", "ContentUri", "Location")


class _NoManagedPolicies:
    """SAM would ask IAM for names of managed policies; the templates name none."""

    def load(self) -> dict[str, str]:
        return {}


def translate(template: Template, parameters: Mapping[str, str] | None = None) -> Template:
    """What SAM makes of *template* with *parameters*; the others have their defaults.

    `InvalidDocumentException` lists what it refuses.
    """
    from samtranslator.translator.transform import transform  # noqa: PLC0415  # costs a second

    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the translator's own
        translated: dict[str, Any] = transform(
            _packaged(template), dict(parameters or {}), _NoManagedPolicies()
        )
    return translated


def count(template: Template) -> int:
    """How many resources CloudFormation will see in this stack, where it deploys gradually."""
    return len(translate(template, GRADUALLY)["Resources"])


def _packaged(template: Template) -> Template:
    """As `sam package` leaves it: artifacts in S3 instead of local folders."""
    packaged = copy.deepcopy(template)
    for resource in packaged["Resources"].values():
        for name in _ARTIFACTS:
            found = resource.get("Properties", {}).get(name)
            if isinstance(found, str) and not found.startswith("s3://"):
                resource["Properties"][name] = "s3://bucket/key"
    return packaged
