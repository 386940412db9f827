import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.local.packaging import empty_package, link_layer, package


def _source(folder: Path) -> Path:
    (folder / "pkg" / "__pycache__").mkdir(parents=True)
    (folder / "pkg" / "__init__.py").write_text("", "utf-8")
    (folder / "pkg" / "answer.py").write_text("ANSWER = 42\n", "utf-8")
    (folder / "pkg" / "words.txt").write_text("password\n", "utf-8")
    (folder / "pkg" / "__pycache__" / "stale.pyc").write_bytes(b"stale")
    (folder / ".hidden").write_text("", "utf-8")
    return folder


def test_sources_data_and_byte_code_lie_under_the_prefix(tmp_path: Path) -> None:
    made = package(_source(tmp_path / "src"), tmp_path / "cache", prefix="python/")
    tag = sys.implementation.cache_tag
    assert set(zipfile.ZipFile(made.path).namelist()) == {
        "python/pkg/__init__.py",
        f"python/pkg/__pycache__/__init__.{tag}.pyc",
        "python/pkg/answer.py",
        f"python/pkg/__pycache__/answer.{tag}.pyc",
        "python/pkg/words.txt",
    }


def test_the_byte_code_is_used_after_unpacking(tmp_path: Path) -> None:
    made = package(_source(tmp_path / "src"), tmp_path / "cache")
    target = tmp_path / "unpacked"
    zipfile.ZipFile(made.path).extractall(target)
    # Byte code that trusts times would now be recompiled; this source would raise if it were.
    (target / "pkg" / "answer.py").write_text("raise SystemExit('recompiled')\n", "utf-8")
    output = subprocess.check_output(
        [sys.executable, "-c", "import pkg.answer; print(pkg.answer.ANSWER)"],
        cwd=target,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        text=True,
    )
    assert output == "42\n"


def test_equal_content_is_packaged_once_and_a_change_gives_another_key(tmp_path: Path) -> None:
    source = _source(tmp_path / "src")
    first = package(source, tmp_path / "cache")
    written = first.path.stat().st_mtime_ns
    assert package(source, tmp_path / "cache") == first
    assert first.path.stat().st_mtime_ns == written
    (source / "pkg" / "answer.py").write_text("ANSWER = 43\n", "utf-8")
    assert package(source, tmp_path / "cache").key != first.key
    assert package(source, tmp_path / "cache", prefix="python/").key != first.key


def test_a_linked_layer_leads_to_the_content_as_a_site_directory(tmp_path: Path) -> None:
    layer = package(_source(tmp_path / "src"), tmp_path / "cache", prefix="python/")
    linked = link_layer(layer, tmp_path / "cache")
    assert link_layer(layer, tmp_path / "cache") == linked
    assert linked.key != layer.key
    target = tmp_path / "unpacked"
    zipfile.ZipFile(linked.path).extractall(target)
    (site_packages,) = target.glob("python/lib/*/site-packages")
    code = f"import site; site.addsitedir({str(site_packages)!r})"
    output = subprocess.check_output(
        [sys.executable, "-c", f"{code}; import pkg.answer as a; print(a.ANSWER, a.__cached__)"],
        text=True,
    )
    answer, cached = output.split()
    assert answer == "42"
    assert Path(cached).exists()


def test_an_empty_layer_is_a_zip_that_lambda_takes(tmp_path: Path) -> None:
    assert zipfile.ZipFile(empty_package(tmp_path).path).namelist() == ["python/.empty"]
