"""SAM to CloudFormation in this process: no AWS call, no SAM CLI, and nothing twice."""

import hashlib
import json
import logging
from importlib.metadata import version
from pathlib import Path
from typing import cast

from tools.local import batch_actions, http_api
from tools.local.options import REGION
from tools.local.templates import Template

# It warns of what it would do differently, if AWS told it to, with functions under a condition.
logging.getLogger("samtranslator.feature_toggle").setLevel(logging.ERROR)


def translate(template: Template, cache: Path) -> Template:
    """Translate *template*, expand its HTTP APIs and name what its roles may do in batches.

    The result is kept in *cache* under the content of the template and of the translators, so
    that an unchanged template costs a file read.
    """
    key = hashlib.sha256(
        json.dumps(
            [
                template,
                version("aws-sam-translator"),
                *(
                    Path(str(each.__file__)).read_text("utf-8")
                    for each in (http_api, batch_actions)
                ),
                Path(__file__).read_text("utf-8"),
            ]
        ).encode()
    ).hexdigest()
    kept = cache / f"{key}.json"
    if kept.exists():
        return cast("Template", json.loads(kept.read_text("utf-8")))
    translated = batch_actions.name_batch_actions(http_api.expand_http_apis(_apply_sam(template)))
    cache.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(translated), "utf-8")
    return translated


def _apply_sam(template: Template) -> Template:
    # Imported here: these imports cost more than a second, and a second start needs none of them.
    import boto3  # noqa: PLC0415
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    translator = Translator(None, Parser(), boto_session=boto3.Session(region_name=REGION))
    managed_policies: dict[str, str] = {}  # without it, SAM asks AWS for the account's list
    # SAM writes a parameter's value into an API's document; ours is chosen when it is deployed.
    values = {"CorsOrigins": {"Ref": "CorsOrigins"}}
    translated = translator.translate(
        _plain(template), parameter_values=values, get_managed_policy_map=lambda: managed_policies
    )
    translator.metrics.publish()  # to nowhere; unpublished metrics are complained about
    return _plain(translated)


def _plain(template: Template) -> Template:
    """Copy to plain dictionaries: SAM edits what it is given and returns classes of its own."""
    return cast("Template", json.loads(json.dumps(template)))
