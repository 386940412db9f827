from datetime import UTC, datetime

import pytest

from shared.identity.domain import entitlements as domain
from shared.identity.domain.events import UserRegistered
from shared.identity.domain.user import User
from shared.kernel.email import Email
from shared.kernel.errors import ValidationFailed
from shared.platform.access import permissions

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def registered(name: str = "Ada") -> User:
    email = Email("Ada@Example.com")
    return User.register("u-1", email=email, name=name, role=domain.Role.CUSTOMER, at=NOW)


@pytest.mark.row("SEC-01")
def test_registering_is_an_event_without_secrets() -> None:
    user = registered()
    assert user.pending_events == (
        UserRegistered(user_id="u-1", email="Ada@example.com", name="Ada", role="customer"),
    )
    assert user.active
    assert user.version == 1


def test_a_name_is_trimmed_and_composed() -> None:
    assert registered("  Ame\u0301lie \n").name == "Am\u00e9lie"


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\nb", "a\u2028b"])
def test_impossible_names_are_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        registered(name)
    assert refused.value.errors[0]["loc"] == ("name",)


@pytest.mark.parametrize(
    "name",
    [
        "You won http://evil.example",
        "see www.evil",
        "evil.example/prize",
        "Click EVIL.example",
        "write to win@evil",
        "hxxps:\\\\evil",
        "evil\uff0eexample",
        "evil\u3002example",
        "evil\u200b.\u200bexample",
        "198.51.100.7",
        "xn--bcher-kva.example",
        "bücher.example",
    ],
)
def test_a_name_has_no_address_in_it(name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        registered(name)
    assert refused.value.errors[0]["type"] == "name_address"


@pytest.mark.parametrize(
    "name",
    [
        "J. R. R. Tolkien",
        "J.R.R. Tolkien",
        "Dr. Ada Lovelace",
        "Sammy Davis Jr.",
        "Conan O'Brien",
        "Ada Lovelace, Ph.D.",
        "Müller & Söhne A/S",
        "María-José Carreño Quiñones",
        "山田 太郎",
        "محمد علي",
    ],
)
def test_ordinary_names_are_taken(name: str) -> None:
    assert registered(name).name == name


def test_the_domain_and_the_platform_know_the_same_roles() -> None:
    assert [role.value for role in domain.Role] == [role.value for role in permissions.Role]
