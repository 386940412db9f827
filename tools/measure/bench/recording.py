"""Records every function and has it succeed on its recording: ``FILE`` takes it as JSON.

A process of its own: it gives the process an environment and botocore a hook. On its recording
every function has to answer cold and warm, with the calls that it made before.
"""

# ruff: noqa: E402  # moto and our own modules read the environment when they are imported
import os

os.environ["MOTO_ACCOUNT_ID"] = "000000000000"  # the templates' ARNs have this one

import asyncio
import sys
from pathlib import Path
from unittest.mock import patch

from tools.lab.support import botocore_files, environment

environment.fix()

from moto import mock_aws

from tools.lab.authorization.world import World
from tools.lab.privileges.symbols import System
from tools.measure.bench.cases import cases
from tools.measure.bench.recorded import write
from tools.measure.bench.recorder import Recorder, replayed
from tools.measure.bench.stub import Stub
from tools.measure.bench.tape import Tape


def main(file: Path) -> int:
    """Record and replay; 1 when there is nothing to record."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    system, tape = System(), Tape()
    tape.install()
    botocore_files.read_once()
    with patch.dict(os.environ), mock_aws():
        recorded = Recorder(World(system), tape).all(cases(system))
    sound = [each for each in recorded if not each.refused]
    with Stub({each.function: each.exchanges for each in sound}) as stub:
        for each in sound:
            with patch.dict(os.environ):
                each.refused = replayed(each, stub)
    write(file, recorded)
    return 0 if recorded else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
