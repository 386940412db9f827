import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identity.adapters.common_passwords import ZxcvbnPasswords
from shared.identity.domain.errors import WeakPassword
from shared.identity.domain.password import MAX_LENGTH, MIN_LENGTH, Password
from shared.identity.domain.phrases import PHRASES

pytestmark = pytest.mark.row("SEC-03")
COMMON = ZxcvbnPasswords()
ABOUT = ("ada.lovelace@analytical-engine.org", "Ada Lovelace")


def check(text: str) -> None:
    Password(text).check(is_common=COMMON.__contains__, about=ABOUT)


def kind_of(text: str) -> str:
    with pytest.raises(WeakPassword) as refused:
        check(text)
    (error,) = refused.value.errors
    assert not text or text not in str(refused.value)
    return error["type"]


@pytest.mark.parametrize(
    "text",
    [
        "seven quiet otters at dusk",
        "Zr4!pQ9#wL2x",
        "пароль из четырёх слов",
        "le château d'été 1893",
        "tangerine-walks-sideways",
        "x" + "kd83jf0s" * 15,
    ],
)
def test_good_passwords_are_taken(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ["", "short", "a" * 11, "kd83jf0s" * 16 + "x"])
def test_length(text: str) -> None:
    assert kind_of(text) == "password_length"


def test_the_bounds_themselves_are_allowed() -> None:
    text = "tQ7#mVx2!bLw9@kR" * 8
    assert len(text) == MAX_LENGTH
    check(text)
    check(text[:MIN_LENGTH])


@pytest.mark.parametrize(
    "text",
    [
        "Password123!",
        "password1234567",
        "PASSWORDPASSWORD",
        "p@$$w0rd!!!!",
        "dragon1987!!",
        "!!!monkey2024",
        "qwerty123456",
        "iloveyou20262026",
        "1qaz2wsx3edc",
    ],
)
def test_common_passwords_are_refused_in_every_disguise(text: str) -> None:
    assert kind_of(text) == "password_common"


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple!",
        "to be or not to be",
        "I love you so much",
        "let me in please",
        "May the force be with you 1977",
        "sunshine dragon",
        "monkey_password",
        "dragondragon-77",
    ],
)
def test_phrases_that_everybody_knows_are_refused(text: str) -> None:
    assert kind_of(text) == "password_common"


def test_every_phrase_is_what_a_password_is_compared_with() -> None:
    assert len(PHRASES) >= 60
    assert all(phrase.isalnum() and phrase == phrase.lower() for phrase in PHRASES)


@pytest.mark.parametrize(
    "text", ["aaaaaaaaaaaa", "123456789012", "abcdefghijkl", "abcabcabcabc", "aaaaaabbbbbb"]
)
def test_sequences_and_repetitions_are_refused(text: str) -> None:
    assert kind_of(text) == "password_sequence"


@pytest.mark.parametrize(
    "text",
    [
        "ada.lovelace1815",
        "AdaLovelace!",
        "Ada Lovelace",
        "ada.lovelace@analytical-engine.org",
        "analytical-engine.org",
        "Analytical-Engine1",
        "Tradewind2026!",
        "ada.lovelace@analytical-engine.orgx",
        "xada.lovelace@analytical-engine.org",
        "Ada.Lovelace-xyz",
        "lovelace-analytical-engine",
        "Tr@dewind-2026",
    ],
)
def test_words_of_the_context_are_refused(text: str) -> None:
    assert kind_of(text) == "password_context"


def test_every_keyboard_gives_the_same_password() -> None:
    assert Password("cafe\u0301 ﬁne") == Password("caf\u00e9 fine")


@given(st.text(max_size=200))
def test_normalisation_is_stable(text: str) -> None:
    once = Password(text)
    assert Password(once.text) == once


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused(text: str) -> None:
    with contextlib.suppress(WeakPassword):
        check(text)


def test_a_password_does_not_show_itself() -> None:
    assert "staple" not in repr(Password("correct horse battery staple"))
