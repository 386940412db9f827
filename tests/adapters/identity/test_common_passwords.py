import pytest

from shared.identity.adapters.common_passwords import ZxcvbnPasswords
from tools.build import common_passwords

pytestmark = pytest.mark.row("SEC-03")


def test_the_list_is_the_one_its_tool_generates() -> None:
    assert common_passwords.TARGET.read_text() == common_passwords.module()


def test_it_holds_what_it_should() -> None:
    known = ZxcvbnPasswords()
    assert len(known) > 20_000
    assert all(word in known for word in ("password", "qwerty", "iloveyou", "dragon"))
    assert "seven quiet otters at dusk" not in known
