"""Record the fingerprints of newly published event schemas: ``make schemas``.

A version that is recorded already keeps its fingerprint, whatever became of its file: published
is published, and a test says so.
"""

import json
import sys
from collections.abc import Sequence

from tools.check.compatibility import fingerprint
from tools.check.project import ROOT
from tools.entry.arguments import Parser
from tools.entry.guard import guarded

SCHEMAS = ROOT / "events" / "schemas"
RECORD = SCHEMAS / "published.json"


@guarded
def main(arguments: Sequence[str]) -> int:
    """Write the record; tell what was added."""
    Parser(description=__doc__).parse_args(arguments)
    known: dict[str, str] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    added = {}
    for path in sorted(SCHEMAS.glob("*/*.json")):
        name = f"{path.parent.name}/{path.stem}"
        if name not in known:
            added[name] = fingerprint(json.loads(path.read_text("utf-8")))
    RECORD.write_text(json.dumps(dict(sorted((known | added).items())), indent=2) + "\n", "utf-8")
    print(f"{len(added)} added, {len(known)} known: {', '.join(added) or 'nothing new'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
