"""A copy of the project in which a context has two stacks: catalog's business rules in their own.

No context of today needs a second stack, so what goes through the templates is shown this one.
"""

import re
import shutil
from pathlib import Path

from tools.check.project import ROOT, template_of, template_paths
from tools.new.source import filled
from tools.templates.markers import by_hand

CONTEXT, PART, STACK = "catalog", "admin", "catalog_admin"
MOVED = ("AddBusinessRule", "EndBusinessRule", "ListBusinessRules", "ValidateAgainstRules")
_GIVEN = """
Parameters:
  ServiceSecretArn:
    Type: String

Resources:
"""
_OUT = """
Outputs:
  ServiceSecretArn:
    Value: !GetAtt ServiceSecret.Id
"""


def templates(target: Path) -> Path:
    """Copy the templates of the project, without the rest of it."""
    for path in template_paths():
        copy = target / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return target


def split(root: Path) -> Path:
    """Move functions of the first template at *root* into a second one, and return that.

    What `make templates` derives is not written: whoever calls this has it do so.
    """
    first, second = template_of(CONTEXT, root=root), template_of(CONTEXT, PART, root)
    values = {"context": CONTEXT, "part": PART, "Part": PART.capitalize()}
    text = by_hand(first.read_text("utf-8"))
    entries = [filled("entry_unmatched", values, ROOT).strip("\n")]
    for name in MOVED:
        entry = re.search(rf"\n  {name}Function:\n(?:    .*\n)+", text)
        assert entry, name
        text = text.replace(entry[0], "")
        entries.append(entry[0].strip("\n"))
    first.write_text(f"{text}{_OUT}", "utf-8")
    head = filled("admin_template", values, ROOT).replace("\nResources:\n", _GIVEN)
    moved = "\n\n".join(entries).replace("!GetAtt Table.Arn", "!Ref TableArn")
    moved = moved.replace("!GetAtt ServiceSecret.Id", "!Ref ServiceSecretArn")
    second.write_text(f"{head}{moved}\n", "utf-8")
    return second


def with_handler(root: Path) -> None:
    """Give a whole project the function of what no route of the second API matches."""
    name = f"unmatched_{PART}"
    shutil.copytree(root / f"functions/{CONTEXT}/unmatched", root / f"functions/{CONTEXT}/{name}")
    events = root / "events" / CONTEXT
    shutil.copy(events / "unmatched.json", events / f"{name}.json")
