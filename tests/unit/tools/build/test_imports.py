"""What a module needs is read from it: lazy imports too, and nothing that is for types alone."""

from pathlib import Path

import pytest

from tools.build.imports import closure, imports, package
from tools.build.target import BuildError

MODULES = {
    "__init__.py": "",
    "shop/__init__.py": "",
    "shop/api.py": "from shop.goods.price import Price\n",
    "shop/goods/__init__.py": "import shop.goods.names\n",
    "shop/goods/names.py": "",
    "shop/goods/price.py": """\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from shop.types_only import Type
else:
    import shop.at_run_time
def later():
    try:
        import json, shop.lazy
    except ImportError:
        from shop import fallback as other
    finally:
        with open("x"):
            match 1:
                case 1:
                    from shop.goods import deep, not_a_module
""",
    **{f"shop/{n}.py": "" for n in ("types_only", "at_run_time", "lazy", "fallback", "unused")},
    "shop/goods/deep.py": "import shop.api  # a circle",
}


def write(folder: Path, modules: dict[str, str] = MODULES) -> Path:
    for name, text in modules.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "shop"


def test_a_package_by_full_names(tmp_path: Path) -> None:
    found = package("shop", write(tmp_path))
    assert {"shop", "shop.api", "shop.goods", "shop.goods.price"} <= found.keys()
    assert found["shop.goods"] == tmp_path / "shop" / "goods" / "__init__.py"


def test_the_closure_follows_every_import_that_may_run(tmp_path: Path) -> None:
    shop = write(tmp_path)
    found = closure(package("shop", shop), [shop / "api.py"])
    assert {path.relative_to(shop).as_posix() for path in found} == {
        "__init__.py",
        "api.py",
        "at_run_time.py",
        "fallback.py",
        "goods/__init__.py",
        "goods/deep.py",
        "goods/names.py",
        "goods/price.py",
        "lazy.py",
    }


def test_the_folder_may_have_another_name_than_the_package(tmp_path: Path) -> None:
    shop = write(tmp_path).rename(tmp_path / "scratch")
    assert len(closure(package("shop", shop), [shop / "api.py"])) == 9


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import one\n")
    assert imports(module) == {"one"}
    module.write_text("import two.three\n")
    assert imports(module) == {"two", "two.three"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from . import other", "import by the full name"),
        ("from .other import thing", "import by the full name"),
        ("import importlib\nimportlib.import_module('shop.api')", "says what is needed"),
        ("__import__('shop.api')", "says what is needed"),
    ],
)
def test_an_import_that_nobody_can_read_stops_the_build(
    tmp_path: Path, text: str, said: str
) -> None:
    module = tmp_path / "module.py"
    module.write_text(text)
    with pytest.raises(BuildError, match=said):
        imports(module)
