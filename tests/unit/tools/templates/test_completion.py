"""Completing a template's text: what is by hand stays, what is missing comes between markers."""

import pytest

from tools.templates.completion import Items, Wanted, complete, needless
from tools.templates.errors import TemplateError
from tools.templates.markers import CLOSE, OPEN, by_hand

HAND = """\
Description: A shop.

Resources:
  # the only one
  Shelf:
    Type: Wood
    Properties:
      Height: 2 # metres
      Policies:
        - One
        - Two: !Sub
            - ${X}
            - X: 1

  # --- more ---

  Note:
    Type: Paper
    Properties:
      Text: |
        first

        last
"""


def test_nothing_wanted_changes_nothing() -> None:
    assert complete(HAND, {}) == HAND


def test_what_is_missing_comes_after_what_is_there_at_its_depth() -> None:
    wanted: Wanted = {
        "Resources": {
            "Shelf": {
                "Properties": {
                    "Height": "Height: 3",
                    "Policies": Items("Policies", ("- Three",)),
                    "Width": "Width: 1",
                },
                "Metadata": "Metadata: {}",
            },
            "Note": {"Properties": {"Text": "Text: other", "Size": {"Of": "Of: A4"}}},
            "Lamp": "Lamp:\n  Type: Light",
            "Door": "Door:\n  Type: Wood",
        }
    }
    found = complete(HAND, wanted)
    assert (
        found
        == f"""\
Description: A shop.

Resources:
  # the only one
  Shelf:
    Type: Wood
    Properties:
      Height: 2 # metres
      Policies:
        - One
        - Two: !Sub
            - ${{X}}
            - X: 1
        {OPEN}
        - Three
      Width: 1
    Metadata: {{}}
    {CLOSE}

  # --- more ---

  Note:
    Type: Paper
    Properties:
      Text: |
        first

        last
      {OPEN}
      Size:
        Of: A4
      {CLOSE}

  {OPEN}
  Lamp:
    Type: Light

  Door:
    Type: Wood
  {CLOSE}
"""
    )
    assert by_hand(found) == HAND
    assert complete(by_hand(found), wanted) == found


def test_a_section_that_is_missing_has_its_place() -> None:
    wanted: Wanted = {
        "Outputs": {"Name": "Name: {Value: 1}"},
        "Globals": {"Function": {"Timeout": "Timeout: 10"}},
        "Parameters": {"Color": "Color: {Type: String}"},
    }
    found = complete(HAND, wanted)
    assert found.startswith(
        f"Description: A shop.\n\n{OPEN}\nParameters:\n  Color: {{Type: String}}\n\n"
        f"Globals:\n  Function:\n    Timeout: 10\n{CLOSE}\n\nResources:\n"
    )
    assert found.endswith(f"        last\n\n{OPEN}\nOutputs:\n  Name: {{Value: 1}}\n{CLOSE}\n")
    assert by_hand(found) == HAND


def test_braces_cannot_be_completed() -> None:
    hand = "Resources:\n  Shelf: {Type: Wood}\n"
    with pytest.raises(TemplateError, match="line 2: write this in block style"):
        complete(hand, {"Resources": {"Shelf": {"Metadata": "Metadata: {}"}}})


def test_what_says_no_more_than_what_is_wanted_is_needless() -> None:
    wanted: Wanted = {
        "Resources": {"Shelf": {"Type": "Type: Wood # oak", "Properties": {"Height": "Height: 3"}}}
    }
    assert needless(HAND, wanted) == ["Resources/Shelf/Type"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"A: 1\n{OPEN}\nB: 2\n", "line 2: the region is not closed"),
        (f"A: 1\nB: 2\n{CLOSE}\n", "line 3: no region is open here"),
        (f"{OPEN}\nA: 1\n{OPEN}\n{CLOSE}\n", "line 3: the region of line 1 is not closed"),
    ],
)
def test_a_marker_without_its_other_half_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        by_hand(text)
