"""Which changes make another code of it."""

import pytest

from tools.lab.simulation.ledger.code import PRODUCT, SIMULATOR, code_hash, files

SOURCE = '"""What it is."""\n\n\ndef double(x):\n    """Twice."""\n    return 2 * x  # as said\n'


@pytest.fixture
def root(tmp_path):
    for path in (
        "shared/a/b.py",
        "functions/a/template.yaml",
        "tools/lab/simulation/mutants/a.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(SOURCE if path.endswith(".py") else "a: 1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "old", "new", "counts"),
    [
        ("shared/a/b.py", "2 * x", "3 * x", True),
        ("shared/a/b.py", "2 * x", "2 * x or None", True),
        ("shared/a/b.py", "double", "twice", True),
        ("shared/a/b.py", "# as said", "# again", False),
        ("shared/a/b.py", "2 * x", "(2*\n        x)", False),
        ("shared/a/b.py", "Twice.", "Two times.", False),
        ("shared/a/b.py", "What it is.", "What it was.", False),
        ("functions/a/template.yaml", "a: 1", "a: 1 # one", True),
        ("tools/lab/simulation/mutants/a.py", "2 * x", "3 * x", False),
    ],
)
def test_what_code_does_counts_and_what_it_says_does_not(root, path, old, new, counts):
    before = code_hash(root)
    (root / path).write_text((root / path).read_text().replace(old, new))
    assert (code_hash(root) != before) is counts


def test_a_file_that_is_new_gone_or_elsewhere_counts(root):
    seen = {code_hash(root)}
    (root / "shared/a/c.py").write_text("")
    seen.add(code_hash(root))
    (root / "shared/a/b.py").rename(root / "shared/b.py")
    seen.add(code_hash(root))
    (root / "shared/b.py").unlink()
    seen.add(code_hash(root))
    assert len(seen) == 4


def test_the_product_the_simulator_and_the_lock_file_count():
    assert "shared/platform/dynamodb/markers.py" in files(patterns=PRODUCT)
    counted = files(patterns=SIMULATOR)
    assert {"requirements/dev.txt", "tools/lab/simulation/engine/engine.py"} <= {*counted}
    assert not [path for path in counted if "/mutants/" in path or path.startswith("shared")]
