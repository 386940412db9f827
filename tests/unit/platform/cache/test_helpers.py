"""Keys, entries, decorators and the choice of the backend."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.platform.cache.cache import Cache
from shared.platform.cache.decorators import cache_aside, cached, memoize
from shared.platform.cache.entries import Entry, decode, encode
from shared.platform.cache.factory import make_cache
from shared.platform.cache.keys import MAX_LENGTH, key_of, list_key, prefixes_of
from shared.platform.cache.memory import MemoryBackend
from shared.platform.runtime.errors import ConfigurationError

pytestmark = pytest.mark.row("CAC-02")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(json_values, st.dictionaries(st.text(), st.text()))
def test_an_entry_comes_back_as_it_was(value: Any, generations: dict[str, str]) -> None:
    assert decode(encode(Entry(value, generations))) == Entry(value, generations)


@given(st.text())
def test_any_other_text_is_no_entry(text: str) -> None:
    assert decode(text) is None


def test_an_entry_changed_by_one_character_is_none() -> None:
    text = encode(Entry({"name": "tea"}, {"a": "1"}))
    for place, character in enumerate(text):
        other = "a" if character != "a" else "b"
        assert decode(text[:place] + other + text[place + 1 :]) is None


def test_keys_are_words_and_prefixes_their_beginnings() -> None:
    assert key_of("product", "1", "details") == "product:1:details"
    assert prefixes_of("product:1:details") == ["product:", "product:1:"]
    assert prefixes_of("alone") == []


@given(st.lists(st.text(max_size=300), max_size=4), st.lists(st.text(max_size=300), max_size=4))
def test_different_things_have_different_keys(one: list[str], other: list[str]) -> None:
    keys = key_of("k", *one), key_of("k", *other)
    assert (keys[0] == keys[1]) == (one == other)
    assert all(len(key) <= MAX_LENGTH and key.startswith("k") for key in keys)


def test_the_same_parameters_are_the_same_list() -> None:
    assert list_key("products", {"a": 1, "b": 2}) == list_key("products", {"b": 2, "a": 1})
    assert list_key("products", {"a": 1}) != list_key("products", {"a": "1"})


def test_a_decorated_function_is_asked_once_for_the_same_arguments() -> None:
    cache, asked = Cache(MemoryBackend()), []

    @cached(
        lambda: cache,
        ttl=60,
        key=lambda number: key_of("square", str(number)),
        tags=lambda number: [f"number:{number}"],
    )
    def square(number: int) -> int:
        asked.append(number)
        return number * number

    assert [square(3), square(3), square(4)] == [9, 9, 16]
    assert asked == [3, 4]
    cache.invalidate(tags=["number:3"])
    assert [square(3), square(4)] == [9, 16]
    assert asked == [3, 4, 3]
    assert cache_aside(cache, "square:4", lambda: 0, ttl=60, tags=["number:4"]) == 16


def test_memoize_keeps_the_latest_used_for_their_time() -> None:
    now, asked = [0.0], []

    @memoize(ttl=10, size=2, clock=lambda: now[0])
    def known(name: str) -> str:
        asked.append(name)
        return name

    for name in ("a", "b", "a", "c", "a", "b"):  # "c" drops "b", the longest unused
        assert known(name) == name
    assert asked == ["a", "b", "c", "b"]
    now[0] = 10
    known("b")
    assert asked[-1] == "b"


def test_what_fails_is_not_kept() -> None:
    answers = iter([ValueError("no"), 5])

    @memoize(ttl=10)
    def ask() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="no"):
        ask()
    assert [ask(), ask()] == [5, 5]


@pytest.mark.row("CAC-01")
@pytest.mark.parametrize(
    ("entries", "name"),
    [
        (None, "memory"),
        ("memory", "memory"),
        ("redis", "redis"),
        ("dynamodb", "dynamodb"),
        ("none", "none"),
    ],
)
def test_settings_pick_the_backend(
    monkeypatch: pytest.MonkeyPatch, entries: str | None, name: str
) -> None:
    monkeypatch.setenv("CACHE_REDIS_SECRET_ARN", "cache")
    monkeypatch.setenv("CACHE_TABLE_NAME", "cache")
    if entries:
        monkeypatch.setenv("CACHE_ENTRIES", entries)
    assert make_cache("test")._labels == {"cache": "test", "backend": name}


@pytest.mark.row("CAC-01")
@pytest.mark.parametrize(
    ("entries", "named"),
    [
        ("redis", "CACHE_REDIS_SECRET_ARN"),
        ("dynamodb", "CACHE_TABLE_NAME"),
        ("disk", "CACHE_ENTRIES.*memory, redis, dynamodb, none"),
    ],
)
def test_a_wrong_setting_names_itself(
    monkeypatch: pytest.MonkeyPatch, entries: str, named: str
) -> None:
    monkeypatch.setenv("CACHE_ENTRIES", entries)
    with pytest.raises(ConfigurationError, match=named):
        make_cache("test")
