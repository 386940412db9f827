"""Whatever goes wrong in a tool is a sentence and what to do: every entry, every way to fail."""

import ast
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from shared.kernel.errors import NotFound
from tests.unit.tools.entry.entries import entries
from tools.check.project import ROOT
from tools.entry import guard as entry
from tools.entry.guard import ToolError, explained, guarded
from tools.entry.names import UnknownName, known
from tools.local.description import Description, ServiceStack

ON_THE_STACK = {
    "logs": ("tools.local", "--work-dir", "STACK", "logs"),
    "mails": ("tools.local", "--work-dir", "STACK", "mails"),
    "migrate": ("tools.operate.migrate", "--work-dir", "STACK"),
    "redrive": ("tools.operate.redelivery", "--work-dir", "STACK", "redrive"),
    "replay-events": (
        "tools.operate.redelivery",
        "--work-dir",
        "STACK",
        "replay-events",
        "a.b",
    ),
    "rebuild": ("tools.operate.rebuild", "--local", "--work-dir", "STACK"),
    "undelivered": ("tools.operate.undelivered", "--local", "--work-dir", "STACK"),
}
ON_AWS = {
    "migrate a table": ("tools.operate.migrate", "catalog", "--table", "t"),
    "migrate": ("tools.operate.migrate", "catalog", "--function", "f"),
    "redrive": ("tools.operate.redelivery", "--function", "f", "redrive"),
    "rebuild": ("tools.operate.rebuild", "orders", "customers"),
    "undelivered": ("tools.operate.undelivered", "notifications"),
    "create_admin": ("tools.operate.create_admin", "t", "ada@shop.example", "Ada"),
}
MISTAKEN = {
    "a function": (ON_THE_STACK["logs"] + ("plce_order",), "Did you mean orders/place_order?"),
    "a service": ((*ON_THE_STACK["logs"], "--service", "odrers"), "Did you mean orders?"),
    "a level": ((*ON_THE_STACK["logs"], "--level", "WARN"), "Did you mean WARNING?"),
    "a moment": ((*ON_THE_STACK["logs"], "--since", "noon"), "write 30s, 15m"),
    "a context": (("tools.operate.migrate", "catalgo"), "Did you mean catalog?"),
    "a context to send to": (("tools.operate.send", "catlog"), "Did you mean catalog?"),
    "a message": (("tools.operate.send", "catalog", "ListProduct"), "Did you mean ListProducts?"),
    "a mutant": (("tools.lab.simulation.mutants", "inbox mising"), "Did you mean inbox missing?"),
    "a cache": (("tools.local", "run", "--cache", "dynamo"), "Did you mean dynamodb?"),
    "a file": (("tools.shop.replay", "nowhere.csv"), "nowhere.csv: No such file"),
    "a port": (("tools.local", "run", "--port", "abc"), "abc is no port"),
    "a port too high": (("tools.local", "run", "--front-port", "70000"), "from 0 (any free one)"),
    "an argument": (("tools.operate.redelivery", "redrvie"), "redrive"),
}
Done = subprocess.CompletedProcess[str]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment without any AWS configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_EC2_METADATA_DISABLED": "true",
        "TRADEWIND_ADMIN_PASSWORD": "Harbour-Light-7-Bells",
        **more,
    }


def command(work_dir: Path, arguments: tuple[str, ...]) -> list[str]:
    named = [str(work_dir) if each == "STACK" else each for each in arguments]
    return [sys.executable, "-m", *named]


def started(work_dir: Path, arguments: tuple[str, ...], **more: str) -> Done:
    """Run a tool to its end."""
    return subprocess.run(
        command(work_dir, arguments),
        cwd=ROOT,
        env=environment(work_dir, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def describe(work_dir: Path, port: int) -> None:
    """Say that a stack runs here, in this process, with its emulator at *port*."""
    services = {
        name: ServiceStack(
            name=name,
            outputs={},
            functions={each: f"tradewind-{each}" for each in functions},
            tables={},
            queues={},
            resources={
                "Table": "t",
                "PlaceOrderFunction": "tradewind-place_order",
                "PlaceOrderLogGroup": "/aws/lambda/tradewind-place_order",
            },
        )
        for name, functions in {
            "orders": ["place_order"],
            "customers": [],
            "notifications": [],
            "operations": ["run_migrations", "redrive_dead_letters", "replay_events"],
        }.items()
    }
    running = Description(
        endpoint=f"http://127.0.0.1:{port}",
        access_key_id="AKIAOFTHISRUN",
        secret_access_key="secret-of-this-run",  # of a stack that answers nothing
        pids={"run": os.getpid()},
        services=services,
    )
    running.write(work_dir / "stack.json")


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[socket.socket]:
    """Takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        describe(tmp_path, server.getsockname()[1])
        yield server


def assert_said(done: Done, sentence: str) -> None:
    assert "Traceback" not in done.stdout + done.stderr
    assert sentence in done.stderr, done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("tool", ON_THE_STACK)
def test_without_a_stack(tmp_path: Path, tool: str) -> None:
    assert_said(started(tmp_path, ON_THE_STACK[tool]), "make run")


@pytest.mark.parametrize("tool", ON_THE_STACK)
def test_with_a_dead_emulator(tmp_path: Path, emulator: socket.socket, tool: str) -> None:
    emulator.close()
    assert_said(started(tmp_path, ON_THE_STACK[tool]), "does not answer at http://127.0.0.1:")


def test_with_a_description_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("{")
    assert_said(started(tmp_path, ON_THE_STACK["mails"]), "remove the file")


@pytest.mark.parametrize("tool", ON_AWS)
def test_without_credentials(tmp_path: Path, tool: str) -> None:
    done = started(tmp_path, ON_AWS[tool], AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="eu-west-1")
    assert_said(done, "There are no AWS credentials that work here.\n  Set AWS_PROFILE")


def test_without_a_region(tmp_path: Path) -> None:
    assert_said(started(tmp_path, ON_AWS["redrive"]), "Set AWS_REGION")


@pytest.mark.parametrize("mistake", MISTAKEN)
@pytest.mark.usefixtures("emulator")
def test_with_something_that_is_not_there(tmp_path: Path, mistake: str) -> None:
    arguments, sentence = MISTAKEN[mistake]
    assert_said(started(tmp_path, arguments), sentence)


def test_with_a_port_in_the_environment_that_is_none(tmp_path: Path) -> None:
    done = started(tmp_path, ("tools.local", "run"), TRADEWIND_PORT="http")
    assert_said(done, "http is no port")


def test_with_a_port_that_is_taken(tmp_path: Path, emulator: socket.socket) -> None:
    (tmp_path / "stack.json").unlink()
    port = str(emulator.getsockname()[1])
    arguments = ("tools.local", "--work-dir", "STACK", "run", "--port", port)
    assert_said(started(tmp_path, arguments), f"Port {port} (AWS endpoint) is taken")


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Have children begin with Ctrl-C as it is by default: it may be ignored in a test process."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("tool", ON_THE_STACK)
@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_while_it_waits_for_an_answer(
    tmp_path: Path, emulator: socket.socket, tool: str
) -> None:
    process = subprocess.Popen(
        command(tmp_path, ON_THE_STACK[tool]),
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        emulator.accept()[0].close()  # whether it is there at all
        with emulator.accept()[0] as waiting:
            waiting.recv(1)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    assert "Traceback" not in out + err
    assert "Stopped." in err
    assert process.returncode == 130


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    arguments = command(tmp_path, ("tools.operate.send", "catalog"))
    done = subprocess.run(
        arguments,
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert "Traceback" not in done.stderr


def _raise(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ToolError("No.", ["one", "two"]), "No.\n  one\n  two"),
        (NotFound("There is no such order."), "Refused: There is no such order."),
        (NoCredentialsError(), "There are no AWS credentials that work here."),
        (
            ClientError({"Error": {"Code": "ExpiredToken", "Message": "m"}}, "GetItem"),
            "Your AWS session has expired. Sign in again.",
        ),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "GetItem"),
            "AWS refused GetItem: not you\n  Ask with a role that may",
        ),
        (URLError("[Errno 111] Connection refused"), "Nothing answers"),
        (ModuleNotFoundError("No module named 'x'", name="x"), "make setup"),
        (FileNotFoundError(2, "No such file", "a.csv"), "a.csv: No such file."),
    ],
    ids=["ours", "domain", "credentials", "session", "denied", "network", "package", "file"],
)
def test_the_exceptions_of_others_have_words(
    capsys: pytest.CaptureFixture[str], error: Exception, words: str
) -> None:
    assert guarded(_raise)(error) == 2
    assert words in capsys.readouterr().err


def test_what_nobody_foresaw_is_reported_with_where_its_traceback_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "TRACEBACK", tmp_path / "build" / "last-error.log")
    assert guarded(_raise)(KeyError("x")) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("Unexpected KeyError: 'x'\n")
    assert "Traceback" not in printed
    assert "_raise" in (tmp_path / "build" / "last-error.log").read_text()
    monkeypatch.setenv(entry.WISH, "1")
    guarded(_raise)(KeyError("x"))
    assert "Traceback" in capsys.readouterr().err


def test_an_exit_status_is_left_alone() -> None:
    with pytest.raises(SystemExit):
        guarded(_raise)(SystemExit(3))
    assert guarded(lambda: 1)() == 1


def test_a_name_is_known_or_the_nearest_is_named() -> None:
    names = ["orders/place_order", "orders/get_order"]
    assert known(names[0], names, "function") == names[0]
    with pytest.raises(UnknownName, match=r"named plce_order\. Did you mean orders/place_order\?"):
        known("plce_order", names, "function")
    with pytest.raises(UnknownName, match="There are: orders/get_order, orders/place_order"):
        known("xyz", names, "function")
    with pytest.raises(UnknownName, match="and 80 more"):
        known("xyz", [f"name {number}" for number in range(100)], "thing")
    assert explained(UnknownName("a")) == ["a"]


def is_guarded(source: str) -> bool:
    """Tell whether what the module runs is guarded: its own main, or that of another by `run`."""
    tree = ast.parse(source)
    mains = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"
    ]
    by_run = bool(re.search(r"(raise SystemExit|sys\.exit)\(run\(", source))
    return by_run or any(
        isinstance(each, ast.Name) and each.id == "guarded"
        for main in mains
        for each in main.decorator_list
    )


def test_every_entry_is_guarded() -> None:
    unguarded = [path for path in entries() if not is_guarded(path.read_text("utf-8"))]
    assert len(entries()) > 20
    assert unguarded == []


def test_an_entry_without_a_guard_is_found() -> None:
    assert not is_guarded("def main() -> int:\n    return 0\n")
    assert is_guarded("@guarded\ndef main() -> int:\n    return 0\n")
