"""Zip a source folder as Lambda expects it, with its byte code, once per content."""

import functools
import hashlib
import importlib.util
import py_compile
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Zip entries carry a time; a fixed one makes equal contents equal files.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Package:
    """A zip file; *key* names its content."""

    key: str
    path: Path


def package(
    source: Path, cache: Path, *, prefix: str = "", paths: Iterable[Path] | None = None
) -> Package:
    """Zip the files under *source*, placed under *prefix*, into *cache* unless it is there.

    Of *paths*, where they are given, only those. Every Python file comes with its byte code for
    the running interpreter, marked never to be checked against the source: unpacking gives files
    new times, which would void byte code that trusts them.
    """
    files = _named(source, _source_files(source) if paths is None else paths)
    digest = hashlib.sha256(f"{sys.implementation.cache_tag}:{prefix}".encode())
    for name, path in files:
        content = path.read_bytes()
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    key = f"{digest.hexdigest()}.zip"
    target = cache / key
    if not target.exists():
        _write_archive(target, _with_byte_code(files, prefix))
    return Package(key, target)


def link_layer(layer: Package, cache: Path) -> Package:
    """Return a layer that leads to *layer*'s content, unpacked once in *cache*.

    The emulator unpacks every layer for every process it starts; for hundreds of files that
    costs a third of a cold start.
    """
    content = cache / layer.path.stem
    if not content.exists():
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            unpacked = Path(scratch) / "content"
            zipfile.ZipFile(layer.path).extractall(unpacked)
            with suppress(OSError):  # another process was faster: its content is the same
                unpacked.rename(content)
    key = f"link-{layer.key}"
    target = cache / key
    if not target.exists():
        name = f"python/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        _write_archive(target, {f"{name}/layer.pth": f"{content / 'python'}\n".encode()})
    return Package(key, target)


def empty_package(cache: Path) -> Package:
    """A layer without content: locally the functions see the interpreter's own packages."""
    key = "empty.zip"
    target = cache / key
    if not target.exists():
        _write_archive(target, {"python/.empty": b""})
    return Package(key, target)


def _source_files(source: Path) -> Iterator[Path]:
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
            yield path


def _named(source: Path, paths: Iterable[Path]) -> list[tuple[str, Path]]:
    return sorted((path.relative_to(source).as_posix(), path) for path in paths)


def _with_byte_code(files: list[tuple[str, Path]], prefix: str) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for name, path in files:
        inside = f"{prefix}{name}"
        contents[inside] = path.read_bytes()
        if path.suffix == ".py":
            cached = importlib.util.cache_from_source(inside)
            contents[cached] = _byte_code(inside, contents[inside])
    return contents


@functools.cache
def _byte_code(inside: str, source: bytes) -> bytes:
    """Compiled once, however many packages the module is in."""
    with tempfile.TemporaryDirectory() as scratch:
        module, compiled = Path(scratch) / "module.py", Path(scratch) / "module.pyc"
        module.write_bytes(source)
        py_compile.compile(
            str(module),
            cfile=str(compiled),
            dfile=inside,
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        return compiled.read_bytes()


def _write_archive(target: Path, contents: dict[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        partial = Path(scratch) / "package.zip"
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in contents.items():
                entry = zipfile.ZipInfo(name, date_time=_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content)
        # Only a whole package ever has its name: another process may look for it now.
        partial.replace(target)
