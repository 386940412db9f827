"""Rule books are kept alike by the fake, moto and DynamoDB Local; no rule is lost in a race."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.catalog.adapters.rule_book import evaluate
from shared.catalog.adapters.rule_reader import DynamoRuleListReader
from shared.catalog.adapters.unit_of_work import DynamoCatalogUnitOfWork
from shared.catalog.domain.errors import ProductNotFound
from shared.catalog.domain.facts import product_facts
from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_book import MAX_RULES
from shared.catalog.ports import CatalogUnitOfWork
from shared.catalog.use_cases.add_business_rule import AddBusinessRule, AddBusinessRuleHandler
from shared.kernel.clock import FixedClock
from shared.kernel.errors import StaleAggregate
from shared.kernel.paging import PageRequest
from shared.platform.dynamodb.cursors import CursorCodec
from shared.platform.dynamodb.paging import Pager
from shared.platform.entry.commands import retrying
from tests.support.aws_calls import counted_calls
from tests.support.fakes.database import Database
from tests.support.racing import race
from tests.support.tiers import DYNAMODB_LOCAL
from tests.support.transactions import sent_transactions
from tests.unit.catalog.fakes import NOW, CatalogInMemory, a_product, a_rule
from tools.lab.support.tables import Table

pytestmark = pytest.mark.row("VAL-03")
NewUnitOfWork = Callable[[], CatalogUnitOfWork]
PRODUCT = Subject.PRODUCT


class TestOnEveryEngine:
    @pytest.fixture(params=["in_memory", "moto", DYNAMODB_LOCAL])
    def engine(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name

    @pytest.fixture
    def new_uow(self, engine: str, request: pytest.FixtureRequest) -> NewUnitOfWork:
        if engine == "in_memory":
            database = Database()
            return lambda: CatalogInMemory(database)
        table = request.getfixturevalue("table")
        return lambda: DynamoCatalogUnitOfWork(table.client, table.name)

    def test_what_is_added_is_there_and_what_is_ended_is_not(self, new_uow: NewUnitOfWork) -> None:
        assert new_uow().rule_books.of(PRODUCT).rules == ()
        first = a_rule(id="r-1", ends_at=NOW + timedelta(days=1), category="tea", currency="GBP")
        second = a_rule(id="r-2", kind="enum", parameters=["A", 1, True])
        for rule in (first, second):
            with new_uow() as uow:
                book = uow.rule_books.of(PRODUCT)
                book.add(rule, at=NOW, evaluate=evaluate)
                uow.rule_books.save(book)
                uow.commit()
        assert new_uow().rule_books.of(PRODUCT).rules == (first, second)
        assert new_uow().rule_books.of(Subject.ORDER_LINE).rules == ()
        with new_uow() as uow:
            book = uow.rule_books.of(PRODUCT)
            book.end("r-1", at=NOW)
            uow.rule_books.save(book)
            uow.commit()
        assert new_uow().rule_books.of(PRODUCT).rules == (second,)

    def test_changes_take_turns(self, new_uow: NewUnitOfWork) -> None:
        slow, fast = new_uow(), new_uow()
        books = [uow.rule_books.of(PRODUCT) for uow in (slow, fast)]
        for number, book in enumerate(books):
            book.add(a_rule(id=f"r-{number}"), at=NOW, evaluate=evaluate)
        with fast:
            fast.rule_books.save(books[1])
            fast.commit()
        with slow:
            slow.rule_books.save(books[0])
            with pytest.raises(StaleAggregate):
                slow.commit()
        assert [rule.id for rule in new_uow().rule_books.of(PRODUCT).rules] == ["r-1"]

    def test_a_product_is_read_with_its_rules(self, new_uow: NewUnitOfWork) -> None:
        with new_uow() as uow:
            uow.products.save(a_product("p-1", mnemonic="TOO_LONG_A_NAME"))
            uow.commit()
        with new_uow() as uow:
            book = uow.rule_books.of(PRODUCT)
            book.add(a_rule(), at=NOW, evaluate=evaluate)
            uow.rule_books.save(book)
            uow.commit()
        product, rules = new_uow().product_and_rules("p-1")
        (broken,) = rules.broken_by(product_facts(product), at=NOW, evaluate=evaluate)
        assert (broken.field, broken.message) == ("mnemonic", "Must have at most 8 characters.")
        with pytest.raises(ProductNotFound):
            new_uow().product_and_rules("p-2")


def adding(table: Table, number: int) -> None:
    add = AddBusinessRuleHandler(
        uow=DynamoCatalogUnitOfWork(table.client, table.name),
        clock=FixedClock(NOW + timedelta(seconds=number)),
        new_id=lambda: f"r-{number:02}",
        examine=lambda _: [],
        evaluate=evaluate,
    )
    command = AddBusinessRule(
        subject=PRODUCT, field="mnemonic", kind="length", parameters={"max": 8}
    )
    retrying(lambda: add(command))


class TestOnDynamoDBLocal:
    @pytest.fixture
    def engine(self, dynamodb_local: str) -> str:
        return "dynamodb_local"

    def test_of_many_admins_none_loses_a_rule(self, table: Table) -> None:
        assert [each for each in race(6, lambda number: adding(table, number)) if each] == []
        book = DynamoCatalogUnitOfWork(table.client, table.name).rule_books.of(PRODUCT)
        assert sorted(rule.id for rule in book.rules) == [f"r-{number:02}" for number in range(6)]
        assert [event["version"] for event in table.events("RuleBook#")] == [1, 2, 3, 4, 5, 6]

    def test_what_adding_costs(self, table: Table) -> None:
        with counted_calls() as calls, sent_transactions() as transactions:
            adding(table, 1)
        assert calls.dynamodb == {"GetItem": 1, "TransactWriteItems": 1}
        assert transactions == [{"Put": 3}]  # the book, the event, the entry in the list

    def test_a_full_book_is_read_for_what_it_is_said_to_cost(self, table: Table) -> None:
        with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
            uow.products.save(a_product("p-1"))
            uow.commit()
        for number in range(MAX_RULES):
            wide = a_rule(
                id=f"0190a000-0000-7000-8000-0000000000{number:02}",
                kind="enum",
                parameters=["X" * 294],
                ends_at=NOW + timedelta(days=1),
                category="c" * 40,
                currency="GBP",
            )
            with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
                book = uow.rule_books.of(PRODUCT)
                book.add(wide, at=NOW, evaluate=evaluate)
                uow.rule_books.save(book)
                uow.commit()
        with counted_calls() as calls:
            DynamoCatalogUnitOfWork(table.client, table.name).product_and_rules("p-1")
        assert (calls.dynamodb, calls.units) == (
            {"BatchGetItem": 1},
            8,
        )  # 7 of the book, 1 of the product

    @pytest.mark.row("PAG-01", "PAG-04")
    def test_the_list_has_ended_rules_too_page_by_page(self, table: Table) -> None:
        for number in range(5):
            adding(table, number)
        with DynamoCatalogUnitOfWork(table.client, table.name) as uow:
            book = uow.rule_books.of(PRODUCT)
            book.end("r-03", at=NOW + timedelta(days=1))
            uow.rule_books.save(book)
            uow.commit()
        lists = DynamoRuleListReader(
            Pager(table.client, table.name, CursorCodec(lambda: ["secret"]))
        )
        seen, cursor = [], None
        while True:
            with counted_calls() as calls:
                page = lists.page(
                    PageRequest(limit=2, cursor=cursor),
                    subject=PRODUCT,
                    descending=True,
                    reader_id="u-1",
                )
            assert calls.dynamodb == {"Query": 1}
            seen += [(rule.id, rule.ends_at) for rule in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert [id for id, _ in seen] == ["r-04", "r-03", "r-02", "r-01", "r-00"]
        assert seen[1][1] == "2026-01-02T12:00:00.000Z"
