"""The trial of one mutant: a fresh process hunts for it in a patched copy."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tools.lab.simulation.mutants import ledger
from tools.lab.simulation.mutants.copies import patched_copy
from tools.lab.simulation.mutants.mutant import Mutant
from tools.lab.support import call_record


class HuntFailed(RuntimeError):
    """The simulator itself broke: the mutant is no bug that could be deployed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a mutant was *caught*, after how many *seeds*, by which *seed* and *rule*.

    *simulator* and *patched* are the hashes of what hunted and of what was hunted.
    """

    mutant: Mutant
    seeds: int
    caught: bool
    seed: int = -1
    rule: str = ""
    violation: str = ""
    simulator: str = ""
    patched: str = ""


def trial(
    mutant: Mutant,
    *,
    seeds: int,
    first: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Hunt *mutant* over *seeds* seeds; `HuntFailed` when the hunt ends without a result.

    The seed *first* is tried before all: where it caught this mutant once, it does so most often.
    """
    with patched_copy(mutant) as root:
        hunter = ledger.simulator(root)
        command = [sys.executable, "-m", "tools.lab.simulation.mutants.hunt"]
        command += [f"--seeds={seeds}", f"--first={first}"]
        environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "0"}
        environment.pop(call_record.FOLDER, None)  # what broken code calls, no role has to allow
        hunt = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert hunt.stdout is not None
            for tried, line in enumerate(hunt.stdout, start=1):
                fact = json.loads(line)
                if "survived" in fact:
                    return Verdict(mutant, fact["survived"], caught=False)
                if "violation" in fact:
                    return Verdict(
                        mutant,
                        tried,
                        caught=True,
                        seed=fact["seed"],
                        rule=fact["rule"],
                        violation=fact["violation"],
                        simulator=hunter,
                        patched=ledger.lying(mutant, root),
                    )
                progress(tried)
            _, errors = hunt.communicate()
            raise HuntFailed(f"{mutant.name}: {errors[-2_000:]}")
        finally:
            hunt.kill()
            hunt.communicate()
