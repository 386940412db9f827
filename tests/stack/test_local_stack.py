"""The local stack itself: what starts is whole, what stops is gone, and what fails says why."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.stack.shop import eventually
from tools.local.description import is_alive, read_description
from tools.local.errors import DeploymentFailed, LocalStackError, NotRunning
from tools.local.options import PROJECT_ROOT, Options
from tools.local.stack import LocalStack, attach

pytestmark = pytest.mark.row("OPS-03")

START = """
import sys, time
from pathlib import Path
from tools.local.options import Options
from tools.local.stack import LocalStack
options = Options(port=0, front_port=0, services=("gateway",), work_dir=Path(sys.argv[1]))
with LocalStack(options):
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(port=0, front_port=0, services=("gateway",), work_dir=tmp_path)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A stack that another process runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(tmp_path)], cwd=PROJECT_ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def group_is_gone(leader: int) -> bool:
    """Tell whether no process is left of the emulator and the workers it started."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    return False


def healthy(base_url: str) -> bool:
    return httpx.get(f"{base_url}/health", timeout=60).status_code == 200


def test_after_a_stop_nothing_is_left(options: Options) -> None:
    with LocalStack(options) as stack:
        assert healthy(stack.base_url)  # a worker process runs now
        emulator = stack.description.pids["emulator"]
        assert not group_is_gone(emulator)
    eventually(lambda: group_is_gone(emulator), bool, "the workers end")
    assert {path.name for path in options.work_dir.iterdir()} == {"logs"}
    with pytest.raises(NotRunning):
        attach(options)


def test_another_process_can_use_a_running_stack(
    started: subprocess.Popen[bytes], options: Options
) -> None:
    found = attach(options)
    assert healthy(found.base_url)
    function = found.function("gateway", "health")
    messages = [line.message for line in found.logs() if line.function == function]
    assert any('"route":"GET /health"' in message for message in messages)
    found.close()


def test_a_second_start_in_the_same_place_is_refused(
    started: subprocess.Popen[bytes], options: Options
) -> None:
    with pytest.raises(LocalStackError, match=f"already runs here.*process {started.pid}"):
        LocalStack(options).start()
    assert healthy(attach(options).base_url)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_emulator_ends_with_whoever_started_it(
    started: subprocess.Popen[bytes], options: Options, how: signal.Signals
) -> None:
    description = read_description(options.description_file)
    assert healthy(description.base_url)
    started.send_signal(how)
    started.wait()
    emulator = description.pids["emulator"]
    eventually(lambda: group_is_gone(emulator), bool, "the emulator and its workers end")
    assert not is_alive(emulator)
    with LocalStack(options) as again:  # what was left behind is no obstacle
        assert healthy(again.base_url)


def test_a_refused_resource_is_named_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "tools").symlink_to(PROJECT_ROOT / "tools")
    (tmp_path / "template.yaml").write_text(
        """
        Resources:
          Queue:
            Type: AWS::SQS::Queue
            Properties:
              RedrivePolicy: {deadLetterTargetArn: !GetAtt Other.Nothing, maxReceiveCount: 5}
          Other:
            Type: AWS::SQS::Queue
        """,
        "utf-8",
    )
    options = Options(port=0, front_port=0, project_root=tmp_path, work_dir=tmp_path / "work")
    stack = LocalStack(options)
    with pytest.raises(DeploymentFailed) as caught, stack:
        pass
    assert any("Queue" in reason and "Nothing" in reason for reason in caught.value.reasons)
    assert not options.description_file.exists()


def test_what_cloudformation_passes_over_is_set(stack: LocalStack) -> None:
    dynamodb = stack.client("dynamodb")
    tables = [
        table
        for service in stack.description.services.values()
        for logical_id, table in service.tables.items()
        if logical_id == "Table"
    ]
    assert len(tables) >= 6
    for table in tables:
        ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert ttl["TimeToLiveStatus"] == "ENABLED", table
        assert ttl["AttributeName"] == "expires_at"
