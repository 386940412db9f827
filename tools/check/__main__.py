"""Everything that can be checked without running the system: ``python -m tools.check``.

All checks run, whatever the first ones say; exits with 1 when one failed.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tools.check.steps import STEPS, Finding
from tools.entry.arguments import Parser
from tools.entry.guard import guarded


@guarded
def main(arguments: Sequence[str], steps: Sequence[Callable[[], Finding]] = STEPS) -> int:
    Parser(description=__doc__).parse_args(arguments)
    started = time.monotonic()
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for running in [pool.submit(step) for step in steps]:
            finding = running.result()
            verdict = "ok    " if finding.passed else "FAILED"
            print(f"{verdict} {finding.name}: {finding.looked_at}")
            if not finding.passed:
                failed.append(finding.name)
                print(finding.output.rstrip())
            sys.stdout.flush()
    print(f"checked in {time.monotonic() - started:.0f} s; failed: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
