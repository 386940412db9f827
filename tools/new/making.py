"""Makes a use case: new files from skeletons, and its lines in the files that list use cases."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tools.check.project import template_of
from tools.new.edits import append, insert
from tools.new.samples import sample
from tools.new.source import filled, module_of
from tools.new.wanted import Wanted
from tools.templates.markers import by_hand


class Making:
    """One use case on its way into the project at *root*."""

    def __init__(self, wanted: Wanted, root: Path) -> None:
        self._wanted = wanted
        self._root = root
        self._context = root / "shared" / wanted.context
        self.new: list[Path] = []
        self.changed: list[Path] = []
        self._values = self._all_values()

    def make(self) -> None:
        """Write everything, then what follows from it."""
        wanted = self._wanted
        kind = "consumer" if wanted.event else "query" if wanted.kind == "queries" else "command"
        core = {"consumer": "consumed"}.get(kind, kind)
        trigger = "consumer" if wanted.event else "http"
        self._write(f"functions/{wanted.context}/{wanted.use_case}/handler.py", f"handler_{kind}")
        self._write(f"shared/{wanted.context}/{wanted.kind}/{wanted.use_case}.py", core)
        self._write(
            f"tests/functions/{wanted.context}/test_{wanted.use_case}.py", f"test_{trigger}"
        )
        event = self._root / "events" / wanted.context / f"{wanted.use_case}.json"
        event.write_text(json.dumps(sample(wanted, self._root), indent=2) + "\n", "utf-8")
        self.new.append(event)
        if wanted.event:
            self._add_reader()
        else:
            self._add_view()
        self._add_provider()
        self._add_entry(f"entry_{trigger}")
        self._tidy()

    @property
    def first_test(self) -> str:
        """The test that says what to write."""
        return f"tests/functions/{self._wanted.context}/test_{self._wanted.use_case}.py"

    def _all_values(self) -> dict[str, str]:
        wanted = self._wanted
        method, path = wanted.route or ("", "")
        consumers = self._context / "consumers.py"
        reader = "on_" + wanted.event.replace(".", "_")
        if consumers.exists() and f"def {reader}(" in consumers.read_text("utf-8"):
            reader = f"{reader}_for_{wanted.use_case}"
        first = template_of(wanted.context, root=self._root)
        has_table = "\n  Table:\n" in first.read_text("utf-8")
        table = "!Ref TableArn" if wanted.part else "!GetAtt Table.Arn"
        return {
            "context": wanted.context,
            "use_case": wanted.use_case,
            "Class": wanted.class_name,
            "purpose": wanted.purpose,
            "Purpose": wanted.purpose.capitalize(),
            "kind": wanted.kind,
            "core": f"shared/{wanted.context}/{wanted.kind}/{wanted.use_case}.py",
            "method": method,
            "verb": method.lower(),
            "Verb": method.capitalize(),
            "path": path,
            "parameters": "".join(f"{each}: str, " for each in wanted.parameters),
            "arguments": "".join(f"{each}={each}, " for each in wanted.parameters),
            "fields": "".join(f"{each}: str\n    " for each in wanted.parameters),
            "field": "count: int" if wanted.kind == "queries" else "done: bool",
            "permission": self._permission() if method else "",
            "says": f', says="{wanted.purpose.capitalize()}."',
            "views": f"shared.{wanted.context}.http.{wanted.use_case}",
            "views_file": f"shared/{wanted.context}/http/{wanted.use_case}.py",
            "event": wanted.event,
            "source": wanted.source,
            "reader": reader,
            "policies": filled("policies", {"table": table}, self._root) if has_table else "",
            "template": self._template().relative_to(self._root).as_posix(),
            "part": wanted.part,
            "Part": wanted.part.capitalize(),
        }

    def _template(self) -> Path:
        return template_of(self._wanted.context, self._wanted.part, self._root)

    def _permission(self) -> str:
        """A permission that the context's endpoints ask for: the one that fewest people hold."""
        found: Counter[str] = Counter()
        for path in (self._root / "functions" / self._wanted.context).glob("*/handler.py"):
            found.update(re.findall(r"Permission\.([A-Z_]+)", path.read_text("utf-8")))
        names = sorted(found) or ["ORDER_ADMIN"]
        return min(names, key=lambda name: (not name.endswith("_ADMIN"), "READ" in name, name))

    def _write(self, path: str, skeleton: str) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(filled(skeleton, self._values, self._root), "utf-8")
        self.new.append(file)

    def _add_view(self) -> None:
        view = filled("view", self._values, self._root)
        base = f"from {module_of('View', self._root)} import View"
        path = self._root / self._values["views_file"]
        is_new = not path.exists()
        append(
            path, view, base, head=f'"""What {self._wanted.purpose} looks like to clients."""\n'
        )
        (self.new if is_new else self.changed).append(path)

    def _add_reader(self) -> None:
        path = self._context / "consumers.py"
        wanted = self._wanted
        is_new = not path.exists()
        append(
            path,
            filled("reader", self._values, self._root),
            f"from {module_of('EventEnvelope', self._root)} import EventEnvelope",
            f"from {module_of('reads_event', self._root)} import reads_event",
            f"from shared.{wanted.context}.use_cases.{wanted.use_case} import {wanted.class_name}",
            head=f'"""What {wanted.context} reads of events, and no more of them."""\n',
        )
        (self.new if is_new else self.changed).append(path)

    def _add_provider(self) -> None:
        path, wanted = self._context / "wiring.py", self._wanted
        module = f"shared.{wanted.context}.{wanted.kind}.{wanted.use_case}"
        insert(
            path,
            f"    from {module} import {wanted.class_name}Handler\n",
            before=r"(?<=^if TYPE_CHECKING:\n)",
        )
        append(path, filled("provider", self._values, self._root))
        self.changed.append(path)

    def _add_entry(self, skeleton: str) -> None:
        path = self._template()
        is_new = not path.exists()
        if is_new:
            path.write_text(filled("admin_template", self._values, self._root), "utf-8")
        if self._wanted.part and self._wanted.route:
            self._add_unmatched()
        self._insert_entry(path, skeleton)
        (self.new if is_new else self.changed).append(path)

    def _add_unmatched(self) -> None:
        """A second stack's API answers what none of its routes match with the context's words."""
        wanted = self._wanted
        name = f"unmatched_{wanted.part}"
        handler = self._root / "functions" / wanted.context / name / "handler.py"
        if handler.exists():
            return
        handler.parent.mkdir()
        sample = self._root / "events" / wanted.context / f"{name}.json"
        for file, first in (
            (handler, handler.parents[1] / "unmatched" / handler.name),
            (sample, sample.with_name("unmatched.json")),
        ):
            file.write_text(first.read_text("utf-8"), "utf-8")
            self.new.append(file)
        self._insert_entry(self._template(), "entry_unmatched")

    def _insert_entry(self, path: Path, skeleton: str) -> None:
        entry = filled(skeleton, self._values, self._root).strip("\n")
        ahead = "relay" if self._wanted.event else "(?:consumers|projectors|relay|what no route)"
        # A blank line before and after it, at the end of the resources, too.
        path.write_text(by_hand(path.read_text("utf-8")) + "\n", "utf-8")
        insert(path, f"{entry}\n\n", before=rf"^  # --- {ahead}\b|^Outputs:|\Z")
        path.write_text(path.read_text("utf-8").rstrip() + "\n", "utf-8")

    def _tidy(self) -> None:
        """Sort the imports, and write what other commands derive."""
        python = [str(path) for path in (*self.new, *self.changed) if path.suffix == ".py"]
        self._run("ruff", "check", "--fix", "--quiet", "--select", "I", *python)
        self._run("ruff", "format", "--quiet", *python)
        for command in ("tools.templates", "tools.docs"):
            self._run(command)
        self._run("tools.check.modules", self._wanted.context)

    def _run(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        subprocess.run(command, cwd=self._root, check=True, stdout=subprocess.DEVNULL)
