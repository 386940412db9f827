"""What documents, comments and docstrings name between backticks is there."""

from pathlib import Path

import pytest

from tools.check.named import Project
from tools.check.project import ROOT

FORMER = {
    "docs/adr/0024-one-shape-for-every-context.md": frozenset(
        {"candidates.py", "http.py", "items.py", "listing.py", "reader.py", "stuck.py"}
    ),
}
"""ADRs are history, and say so: what was there before their decision, and is not any more.

Everywhere else, ADRs included, a name is where a reader of today looks.
"""


def test_what_is_named_is_there() -> None:
    assert Project(root=ROOT, former=FORMER).stale() == []


def test_only_what_is_gone_and_named_is_listed_as_former() -> None:
    found = set(Project(root=ROOT, former={}).stale())
    assert found == {f"{document}: {name}" for document, names in FORMER.items() for name in names}


# What is planted has ~ for backticks: this file is looked at as well.
@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name, text in {
        "tools/check/named.py": "class Project:\n    def stale(self): ...\n",
        "shared/orders/api.py": "",
        "shared/orders/README.md": "",
        "docs/guide.md": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Project(root=tmp_path, former={})


@pytest.mark.parametrize(
    "text",
    [
        "~shared/orders/api.py~ and ~~shared/orders/~~",
        "~shared/<context>/api.py~, ~shared/*/api.py~, ~orders/api.py~, ~api.py~",
        "~tools.check.named~, ~tools.check.named.Project~, ~tools.check.named.Project.stale~",
        "[guide](guide.md) [there](../shared/orders/README.md#words) [out](https://example.com/x.md)",
        "~orders/place_order~ and ~and/or~ and ~application/json~ and ~make run~ are no files",
        "shared/gone.py without backticks is prose",
    ],
)
def test_what_is_there_may_be_named(project: Project, text: str) -> None:
    (project.root / "docs" / "guide.md").write_text(text.replace("~", "`"))
    assert project.stale() == []


@pytest.mark.parametrize(
    ("document", "text", "name"),
    [
        ("docs/guide.md", "see ~tools/named.py~", "tools/named.py"),
        ("docs/guide.md", "see ~shared/<context>/gone.py~", "shared/<context>/gone.py"),
        ("docs/guide.md", "see ~orders/gone.py~ or ~gone.py~", "gone.py"),
        ("docs/guide.md", "see ~tools.named~", "tools.named"),
        ("docs/guide.md", "see ~tools.check.named.Scan~", "tools.check.named.Scan"),
        ("docs/guide.md", "see [it](adr/0099-gone.md)", "adr/0099-gone.md"),
        ("shared/orders/api.py", '"""See ~~shared/sold/api.py~~."""', "shared/sold/api.py"),
        ("shared/orders/api.py", "# read by ~tools.check.gone~", "tools.check.gone"),
    ],
)
def test_what_is_not_there_is_found(project: Project, document: str, text: str, name: str) -> None:
    (project.root / document).write_text(text.replace("~", "`"))
    assert f"{document}: {name}" in project.stale()


def test_what_was_there_once_is_listed_by_its_document(project: Project) -> None:
    (project.root / "docs" / "guide.md").write_text("~gone.py~".replace("~", "`"))
    listed = Project(root=project.root, former={"docs/guide.md": frozenset({"gone.py"})})
    other = Project(root=project.root, former={"docs/other.md": frozenset({"gone.py"})})
    assert (listed.stale(), other.stale()) == ([], ["docs/guide.md: gone.py"])
