"""All layers, and what a function finds of them: Lambda unpacks its own into `/opt`."""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.build import layer, shared_layer
from tools.build.declared import SHARED, names_for
from tools.build.target import BuildError
from tools.check.project import ROOT, handlers


@dataclass(frozen=True, slots=True)
class Layers:
    """Built layers: those of third parties by name, `shared` by context."""

    folder: Path
    others: Mapping[str, Path]
    shared: Mapping[str, Path]

    def of(self, handler: Path, holding: Collection[str] = ()) -> list[Path]:
        """The layers of the function with this handler while the conditions *holding* hold."""
        context = handler.parts[-3]
        names = names_for(handler, holding)
        return [self.shared[context] if name == SHARED else self.others[name] for name in names]

    def opt(self, handler: Path, holding: Collection[str] = ()) -> Path:
        """Where Python finds what is in them; functions that have the same share it.

        `BuildError` where two layers have a file of the same name: on Lambda the later one wins.
        """
        names = sorted(names_for(handler, holding))
        opt = self.folder / "opt" / "-".join([handler.parts[-3], *names])
        if not opt.exists():
            for each in self.of(handler, holding):
                shutil.copytree(each, opt, copy_function=_link, dirs_exist_ok=True)
        return opt / "python"


def build_all(folder: Path) -> Layers:
    """Every layer for the target, in *folder*; `BuildError` says what stopped it."""
    others, shared = {}, {}
    for source in sorted(path.parent for path in (ROOT / "layers").glob("*/requirements.in")):
        others[source.name] = folder / source.name
        layer.build_once(source, others[source.name])
    for context in sorted({handler.parts[-3] for handler in handlers()}):
        shared[context] = folder / SHARED / context
        shared_layer.build(ROOT / SHARED, shared[context], context)
    return Layers(folder, others, shared)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileExistsError as error:
        raise BuildError(f"{target} is in two layers") from error
