"""What `make templates` writes is what is committed, and little is left to be written by hand."""

import re
import shutil
from pathlib import Path

import pytest

from tools.check.project import ROOT, stacks, template_paths
from tools.templates.__main__ import main
from tools.templates.counting import Size, resource_sizes, size
from tools.templates.markers import CLOSE, OPEN
from tools.templates.markers import by_hand as without_regions

SERVICES = {name: path.read_text("utf-8") for name, path in stacks().items()}
HTTP = re.compile(r"Type: HttpApi")
CONSUMER_BAR, HTTP_BAR, CONTEXT_BAR, SERVICE_BAR = 30, 20, 120, 290
NODES_PER_LINE = 2
"""A line in block style is a key and its value."""

WITH_MORE = {
    # What is more than a function's usual entry, and by how many lines it is over the bar.
    "gateway.GetProductDetails": 18,  # two contexts' tables, and a cache that is one of three
    "gateway.Ready": 10,  # the tables of all contexts
    "operations.PublishFlags": 4,  # what it does to AppConfig
}
CONSUMER = """
  ShipOrderFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ship_order/
      Policies:
        - Statement:
            - Effect: Allow
              Action: [dynamodb:GetItem, dynamodb:PutItem]
              Resource: !GetAtt Table.Arn

  ShipOrderRule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [tradewind.orders]
        detail-type: [order.completed]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The templates of the project, without the rest of it."""
    for path in template_paths():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_what_is_committed_is_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_no_line_by_hand_is_longer_than_the_readers_window() -> None:
    for path in template_paths():
        for line in without_regions(path.read_text("utf-8")).splitlines():
            assert len(line) <= 120, (path, line)


class TestTheDriftIsSeen:
    def test_an_edit_between_the_markers(
        self, copy: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        orders = copy / "functions/orders/template.yaml"
        before = orders.read_text("utf-8")
        edit(orders, "VisibilityTimeout: 60", "VisibilityTimeout: 30")
        assert main(["--check"], copy) == 1
        assert "+      VisibilityTimeout: 60" in capsys.readouterr().out
        assert main([], copy) == 0
        assert orders.read_text("utf-8") == before

    def test_a_consumer_without_its_queue(
        self, copy: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        orders = copy / "functions/orders/template.yaml"
        edit(orders, "\n  # --- relay", f"{CONSUMER}\n  # --- relay")
        assert main(["--check"], copy) == 1
        wanted = capsys.readouterr().out
        for name in ("Queue", "DeadLetterQueue", "QueuePolicy", "DeadLetterQueuePolicy"):
            assert f"+  ShipOrder{name}:" in wanted
        assert "+  ShipOrderDeadLettersAlarm:" in wanted
        assert "+  ShipOrderLogGroup:" in wanted
        assert "+          DEAD_LETTER_QUEUE_URL: !Ref ShipOrderDeadLetterQueue" in wanted

    def test_a_consumer_that_is_gone(self, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = (copy / "functions/orders/template.yaml").read_text("utf-8")
        rule = re.search(r"\n  FailOrderRule:\n(?:    .*\n)+", text)
        assert rule
        edit(copy / "functions/orders/template.yaml", rule[0], "")
        assert main(["--check"], copy) == 1
        assert "-  FailOrderQueue:" in capsys.readouterr().out

    @pytest.mark.parametrize("marker", [OPEN, CLOSE])
    def test_a_missing_marker(
        self, copy: Path, capsys: pytest.CaptureFixture[str], marker: str
    ) -> None:
        edit(copy / "functions/payments/template.yaml", marker, "# a comment")
        assert main(["--check"], copy) == 1
        assert "functions/payments/template.yaml: line" in capsys.readouterr().err

    def test_generated_text_that_lost_both_its_markers(
        self, copy: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        payments = copy / "functions/payments/template.yaml"
        lines = payments.read_text("utf-8").splitlines(keepends=True)
        payments.write_text("".join(x for x in lines if x.strip() not in (OPEN, CLOSE)), "utf-8")
        assert main(["--check"], copy) == 1
        assert "Resources/FaultsAlarm" in capsys.readouterr().err

    def test_a_route_that_the_front_door_does_not_know(
        self, copy: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        edit(copy / "functions/payments/template.yaml", "/api/v1/payments/", "/api/v1/charges/")
        assert main(["--check"], copy) == 1
        assert "+          - PathPattern: /api/v1/charges*" in capsys.readouterr().out

    def test_a_parameter_that_nothing_is_known_for(
        self, copy: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = "        FlagsDeploymentStrategy: !Ref FlagsStrategy\n"
        edit(copy / "template.yaml", given, "")
        assert main(["--check"], copy) == 1
        said = capsys.readouterr().err
        missing = "it has no FlagsDeploymentStrategy for operations: write it under Operations"
        assert said == f"template.yaml: {missing}\n"


def by_hand(kind: str) -> dict[str, Size]:
    """What is written by hand of every function of a kind, its rule included."""
    found = {}
    for service, text in SERVICES.items():
        sizes = resource_sizes(text)
        for function in (name for name in sizes if name.endswith("Function")):
            name = function.removesuffix("Function")
            entry = re.search(rf"^  {function}:\n(?:    .*\n)+", text, re.MULTILINE)
            assert entry
            if f"{name}Rule" in sizes:
                if kind == "consumer":
                    found[f"{service}.{name}"] = sizes[function] + sizes[f"{name}Rule"]
            elif kind == "http" and HTTP.search(entry[0]):
                found[f"{service}.{name}"] = sizes[function]
    return found


@pytest.mark.parametrize(("kind", "bar"), [("consumer", CONSUMER_BAR), ("http", HTTP_BAR)])
def test_a_function_takes_few_lines(kind: str, bar: int) -> None:
    sizes = by_hand(kind)
    assert len(sizes) >= 10
    over = {name: each.lines - bar for name, each in sizes.items() if each.lines > bar}
    assert over == {name: lines for name, lines in WITH_MORE.items() if name in sizes}


@pytest.mark.parametrize(
    ("kind", "bar", "examples"),
    [
        ("consumer", CONSUMER_BAR, ("orders.FinalizeOrder", "inventory.ReserveStock")),
        (
            "http",
            HTTP_BAR,
            ("orders.GetOrder", "catalog.CreateProduct", "operations.SetFlag"),
        ),
    ],
)
def test_so_it_does_in_block_style(kind: str, bar: int, examples: tuple[str, ...]) -> None:
    """Of the usual kind: one route or rule, and one statement for the context's own table."""
    sizes = by_hand(kind)
    for name in examples:
        assert sizes[name].block_lines <= bar, name
        assert sizes[name].nodes <= bar * NODES_PER_LINE, name


def test_a_context_of_the_smallest_kind_takes_few_lines() -> None:
    """A table, its relay, an endpoint and a consumer."""
    found = size(SERVICES["customers"])
    assert found.lines <= CONTEXT_BAR
    assert found.block_lines <= CONTEXT_BAR
    assert found.nodes <= CONTEXT_BAR * NODES_PER_LINE


def test_a_service_takes_few_lines_on_average() -> None:
    sizes = [size(text) for text in SERVICES.values()]
    assert sum(each.lines for each in sizes) <= SERVICE_BAR * len(sizes)
    assert sum(each.block_lines for each in sizes) <= SERVICE_BAR * len(sizes)
    assert sum(each.nodes for each in sizes) <= SERVICE_BAR * NODES_PER_LINE * len(sizes)


class TestTheCountCanFail:
    def test_what_is_generated_does_not_count_and_braces_do_not_help(self) -> None:
        block = "Resources:\n  Queue:\n    Type: X\n    Properties:\n      A: 1\n      B: 2\n"
        flow = "Resources:\n  Queue: {Type: X, Properties: {A: 1, B: 2}}\n"
        generated = f"{block}\n  {OPEN}\n  More:\n    Type: Y\n  {CLOSE}\n"
        assert size(block) == size(generated) == Size(lines=6, block_lines=6, nodes=13)
        assert size(flow) == Size(lines=2, block_lines=6, nodes=13)
        assert resource_sizes(flow) == {"Queue": Size(lines=1, block_lines=5, nodes=10)}

    def test_a_function_with_more_than_its_due_is_seen(self) -> None:
        (whole,) = (s for n, s in by_hand("http").items() if n == "gateway.GetProductDetails")
        assert whole.lines > HTTP_BAR
        assert whole.block_lines > HTTP_BAR
        assert whole.nodes > HTTP_BAR * NODES_PER_LINE
