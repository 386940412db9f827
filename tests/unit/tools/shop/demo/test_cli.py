"""The exit status is the demo's verdict."""

from contextlib import nullcontext

import pytest

from tools.local.errors import PortTaken
from tools.shop.api_client.errors import Unreachable
from tools.shop.demo import cli


@pytest.mark.parametrize(("agrees", "status"), [(True, 0), (False, 1)])
def test_a_disagreement_is_an_exit_status(
    monkeypatch: pytest.MonkeyPatch, agrees: bool, status: int
) -> None:
    monkeypatch.setattr(cli, "seeded_stack", lambda _: nullcontext("stack"))
    monkeypatch.setattr(cli, "show", lambda *_: agrees)
    assert cli.main([]) == status


@pytest.mark.parametrize("error", [PortTaken("taken"), Unreachable("gone")], ids=repr)
def test_what_prevents_the_demo_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "seeded_stack", fail)
    assert cli.main([]) == 2
    assert str(error) in capsys.readouterr().err
