"""The deployed local stack over HTTP: one for the session, with IAM enforced."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.stack.decisions import hand_over
from tests.support.browser import Page
from tests.support.sites import FRONT, Sites
from tools.lab.support import call_record, environment
from tools.lab.support.shop import Customer, Shop
from tools.local.options import Options
from tools.local.reporter import Reporter
from tools.local.stack import LocalStack


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever the order of the others: what looks back at the whole run comes last."""
    items.sort(key=lambda item: item.path.name == "test_whole_run.py")


@pytest.fixture(scope="session")
def page() -> Iterator[Page]:
    """Serve a page of another origin than the front door's."""
    with Page.served() as found:
        yield found


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Serve the API's site over TLS, a front end's beside it, and attackers'."""
    with Sites.served(tmp_path_factory.mktemp("sites")) as found:
        yield found


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, page: Page, sites: Sites
) -> Iterator[LocalStack]:
    """Start everything on free ports and stop it at the end."""
    work_dir: Path = tmp_path_factory.mktemp("stack")
    folder = os.environ.get(call_record.FOLDER)
    asked = work_dir / "iam.tsv" if folder else None
    origins = f"{page.origin},{sites.origin(FRONT)}"
    options = Options(port=0, front_port=0, work_dir=work_dir, iam_record=asked, cors=origins)
    with LocalStack(options, Reporter()) as running:
        yield running
        if folder and asked:
            hand_over(running, asked, Path(folder))


@pytest.fixture(scope="session")
def shop(stack: LocalStack) -> Iterator[Shop]:
    """The API as a front-end team sees it, with an administrator logged in."""
    with Shop.opened(stack) as found:
        yield found


@pytest.fixture
def customer(shop: Shop) -> Customer:
    """A fresh customer, logged in."""
    return shop.new_customer()


@pytest.fixture
def product(shop: Shop) -> Callable[..., str]:
    """Make a product with stock: ``product(stock=10, price=1250)`` gives its id."""

    def make(*, stock: int = 10, price: int = 1250) -> str:
        return shop.new_product(f"TEST_{uuid4().hex[:12].upper()}", price=price, stock=stock)

    return make


@pytest.fixture(autouse=True)
def _no_fresh_runtime() -> Iterator[None]:
    """Keep the session's clients: these tests run no function of ours in their own process."""
    yield
    environment.forget_cached()
