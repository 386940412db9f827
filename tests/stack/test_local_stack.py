"""The local stack itself: what starts is whole, what stops is gone, and what fails says why."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tools.lab.support.shop import PASSWORD, eventually
from tools.local.description import is_alive, read_description
from tools.local.errors import DeploymentFailed, LocalStackError, NotRunning
from tools.local.options import PROJECT_ROOT, Options
from tools.local.stack import LocalStack, attach
from tools.operate.create_admin import create_admin

pytestmark = pytest.mark.row("OPS-03")


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(port=0, front_port=0, services=("gateway",), work_dir=tmp_path)


def command(work_dir: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tools.local", "--work-dir", str(work_dir), *arguments]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A stack as a developer runs it, in a process of its own."""
    ports = ("--port", "0", "--front-port", "0")
    process = subprocess.Popen(
        command(tmp_path, "run", *ports, "--services", "gateway", "--no-seed"),
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    lines = iter(process.stdout.readline, "")
    assert any(line.startswith("Ready in") for line in lines)
    yield process
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


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


def test_ctrl_c_stops_everything_and_is_no_failure(
    started: subprocess.Popen[str], options: Options
) -> None:
    description = read_description(options.description_file)
    assert healthy(description.base_url)
    started.send_signal(signal.SIGINT)
    assert started.wait() == 0
    emulator = description.pids["emulator"]
    eventually(lambda: group_is_gone(emulator), bool, "the emulator and its workers end")
    assert not options.description_file.exists()


def test_a_stack_whose_emulator_dies_says_so_and_ends(
    started: subprocess.Popen[str], options: Options
) -> None:
    """Its front door would answer 502 to everything, for as long as nobody looks."""
    os.kill(read_description(options.description_file).pids["emulator"], signal.SIGKILL)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 2
    assert said.startswith("MiniStack has died (signal 9), and with it what was stored")
    assert "The same command starts it again." in said
    assert "Traceback" not in said
    assert not options.description_file.exists()


def test_another_process_can_use_a_running_stack(
    started: subprocess.Popen[str], options: Options
) -> None:
    found = attach(options)
    assert healthy(found.base_url)
    function = found.function("gateway", "health")
    messages = [line.message for line in found.logs(functions=[function])]
    assert any('"route":"GET /health"' in message for message in messages)
    assert found.mails() == []
    found.close()


def test_logs_are_shown_by_use_case(started: subprocess.Popen[str], options: Options) -> None:
    assert healthy(attach(options).base_url)

    def shown(*arguments: str) -> list[str]:
        line = command(options.work_dir, "logs", *arguments)
        return subprocess.check_output(line, cwd=PROJECT_ROOT, text=True).splitlines()

    (line,) = shown("health")
    assert "gateway/health request handled" in line
    assert "route='GET /health'" in line
    assert shown("ready") == []
    (raw,) = shown("health", "--raw")
    assert json.loads(raw)["release"].startswith("dev")
    assert any("REPORT RequestId" in line for line in shown("gateway/health", "--all"))


def test_without_a_running_stack_the_command_says_how_to_start_one(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "logs"), cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "make run" in done.stderr


def test_a_second_start_in_the_same_place_is_refused(
    started: subprocess.Popen[str], options: Options
) -> None:
    with pytest.raises(LocalStackError, match=f"already runs here.*process {started.pid}"):
        LocalStack(options).start()
    assert healthy(attach(options).base_url)


def test_the_emulator_ends_even_when_whoever_started_it_is_killed(
    started: subprocess.Popen[str], options: Options
) -> None:
    description = read_description(options.description_file)
    assert healthy(description.base_url)
    started.kill()
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


def test_tables_survive_a_restart_and_their_events_are_not_sent_again(tmp_path: Path) -> None:
    options = Options(
        port=0, front_port=0, services=("identity",), persist=True, work_dir=tmp_path
    )
    binary = {"PK": {"S": "Any#1"}, "SK": {"S": "STATE"}, "raw": {"B": b"\x00\xff"}}

    def register(stack: LocalStack, name: str) -> None:
        create_admin(
            stack.client("dynamodb"), stack.table("identity"),
            email=f"{name}@shop.example", name=name, password=PASSWORD,
        )  # fmt: skip

    def items(stack: LocalStack) -> list[dict[str, object]]:
        found = stack.client("dynamodb").scan(TableName=stack.table("identity"))["Items"]
        keys = [item for item in found if item["PK"]["S"].startswith("KeyRing#")]
        assert len(keys) == 1  # of the run's own secret
        return sorted((item for item in found if item not in keys), key=str)

    def published(stack: LocalStack) -> int:
        relay = [stack.function("identity", "relay_events")]
        return sum('"event published"' in line.message for line in stack.logs(functions=relay))

    def is_known_again(stack: LocalStack) -> bool:
        with httpx.Client(base_url=stack.base_url, timeout=60, trust_env=False) as http:
            body = {"email": "first@shop.example", "password": PASSWORD}
            token = http.post("/api/v1/auth/login", json=body).json()["data"]["access_token"]
            me = http.get("/api/v1/users/me", headers={"authorization": f"Bearer {token}"})
            return me.status_code == httpx.codes.OK

    with LocalStack(options) as stack:
        register(stack, "first")
        stack.client("dynamodb").put_item(TableName=stack.table("identity"), Item=binary)
        before = items(stack)
    assert binary in before
    with LocalStack(options) as stack:
        assert items(stack) == before
        assert is_known_again(stack)  # the new run's key is published, not the last one's
        register(stack, "second")
        # The stream goes on from here: what was restored would have come first.
        session_and_user = 2
        found = eventually(
            lambda: published(stack), lambda n: n >= session_and_user, "the new are published"
        )
        assert found == session_and_user
