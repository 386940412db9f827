"""The golden comparison notices what it is there to notice, and nothing that differs anyway."""

from tools.lab.golden.__main__ import compare, text_of
from tools.lab.golden.answers import masked


def test_what_is_the_same_has_no_difference(tmp_path):
    (tmp_path / "part.json").write_text(text_of({"b": 1, "a": [2]}), encoding="utf-8")
    assert compare("part", {"a": [2], "b": 1}, tmp_path) == []


def test_a_changed_a_missing_and_an_added_entry_show(tmp_path):
    (tmp_path / "part.json").write_text(text_of({"a": 1, "b": 1}), encoding="utf-8")
    for found in ({"a": 2, "b": 1}, {"a": 1}, {"a": 1, "b": 1, "c": 1}):
        assert compare("part", found, tmp_path)


def test_nothing_found_and_nothing_recorded_are_no_agreement(tmp_path):
    (tmp_path / "part.json").write_text(text_of({}), encoding="utf-8")
    assert compare("part", {}, tmp_path) == ["there is nothing to compare"]
    assert "record it" in compare("other", {"a": 1}, tmp_path)[0]


def test_what_is_drawn_is_masked_and_what_the_scene_has_is_not():
    ours = "0190a000-0000-7000-8000-0000000000a1"
    drawn = "01923456-789a-7bcd-8ef0-123456789abc"
    answer = {"id": ours, "request": drawn, "at": "2026-01-02T03:04:05.678Z", "amount": 7}
    expected = {"id": ours, "request": "<id>", "at": "<time>", "amount": 7}
    assert masked(answer) == expected
