"""Cold start and warm cost of our functions against the floor: ``python -m tools.bench``.

Writes ``docs/benchmarks.md``. Needs an interpreter that Lambda has too, on Linux.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bench.measure import count_instructions, interleaved, run
from tools.bench.report import Bar, page
from tools.bench.stub import Stub
from tools.bench.variants import FLOOR, PLAIN, Built, Variant, build, echo, floor, ours
from tools.build.target import BuildError
from tools.check.project import ROOT

FOLDER = ROOT / ".aws-sam" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"
FUNCTIONS = ROOT / "functions"

GET, PLACE, CONSUME = "get_product", "place_order", "record_reservation"
BARS = (
    Bar("cold, get_product", GET, FLOOR, "cold_cpu", 0.62),
    Bar("cold, get_product, against plain `sam build`", GET, PLAIN, "cold_cpu", 0.27),
    Bar("cold, place_order", PLACE, FLOOR, "cold_cpu", 0.62),
    Bar("cold, consumer record_reservation", CONSUME, FLOOR, "cold_cpu", 0.45),
    Bar("warm, framework share", "echo", "floor echo", "warm_cpu", 0.42),
    Bar("warm, get_product against the floor's get", GET, FLOOR, "warm_cpu", 0.8),
    Bar("warm, place_order against the floor's create", PLACE, "floor create", "warm_cpu", 1.2),
)


def variants(built: Built) -> list[Variant]:
    product = ours(built, FOLDER, FUNCTIONS / "catalog" / GET / "handler.py")
    return [
        floor(built.plain, FOLDER, "get_item", PLAIN, compiled=False),
        floor(built.naive, FOLDER, "get_item", FLOOR),
        floor(built.naive, FOLDER, "create_item", "floor create"),
        floor(built.naive, FOLDER, "echo", "floor echo"),
        echo(built, FOLDER, product),
        product,
        ours(built, FOLDER, FUNCTIONS / "orders" / PLACE / "handler.py"),
        ours(built, FOLDER, FUNCTIONS / "orders" / CONSUME / "handler.py"),
    ]


def seed(stub: Stub, built: Built) -> None:
    """Let the real functions write the items that the measured ones will read."""
    for context, use_case in (("catalog", "create_product"), ("orders", PLACE)):
        run(ours(built, FOLDER, FUNCTIONS / context / use_case / "handler.py"), stub.url, 0)
    stub.state.keep({"PK": {"S": "Item#1"}, "SK": {"S": "STATE"}, "name": {"S": "hammer"}})
    stub.state.frozen = True


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=300, help="warm calls in each round")
    parser.add_argument("--valgrind", action="store_true", help="count instructions too: slow")
    parser.add_argument("--page", type=Path, default=PAGE)
    chosen = parser.parse_args(arguments)
    try:
        print("building both layers for this interpreter …", flush=True)
        built = build(FOLDER)
    except BuildError as error:
        sys.exit(f"cannot measure here: {error}")
    with Stub() as stub:
        seed(stub, built)
        subjects = variants(built)
        measured = interleaved(subjects, stub.url, chosen.rounds, chosen.calls, _show)
        if chosen.valgrind and shutil.which("valgrind"):
            for subject in subjects:
                _show(f"instructions: {subject.name}")
                count_instructions(subject, stub.url, measured[subject.name])
    _show("")
    text = page(measured, BARS, chosen.rounds, chosen.calls)
    chosen.page.write_text(text, encoding="utf-8")
    print(f"\r{text}\nwritten to {chosen.page}")
    return 0


def _show(what: str) -> None:
    sys.stderr.write(f"\r\x1b[K{what}")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
