"""The read model on DynamoDB: an order's facts and its customer's sums change together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.customers.adapters.summary import (
    READ_MODEL,
    facts_key,
    summary_item,
    summary_key,
    summary_of,
)
from shared.customers.domain.order_facts import OrderFacts
from shared.customers.domain.summary import CustomerSummary
from shared.customers.ports import Standing
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.generations import ReadModel
from shared.platform.dynamodb.reading import batch_get
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork
from shared.platform.dynamodb.writes import Write, put

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoStandings:
    """Loads and saves standings in the generations that are written, or in the *only* one."""

    def __init__(self, uow: DynamoUnitOfWork, model: ReadModel, only: str | None) -> None:
        self._uow = uow
        self._model = model
        self._only = only

    def load(self, customer_id: str, order_id: str) -> list[Standing]:
        """Return a standing for each generation."""

        def keys_of(generation: str) -> list[dict[str, str]]:
            return [
                facts_key(generation, customer_id, order_id),
                summary_key(generation, customer_id),
            ]

        written: tuple[str, ...]
        if self._only:
            written = (self._only,)
            items = batch_get(self._uow.client, self._uow.table, keys_of(self._only))
        else:
            generations, items = self._model.read(keys_of)
            written = generations.written
        found = {(item["PK"], item["SK"]): item for item in items}
        return [_standing(found, each, customer_id, order_id) for each in written]

    def save(self, standing: Standing) -> None:
        """Stage facts and summary, each on the condition of the version that was loaded."""
        customer_id = standing.summary.customer_id
        key = facts_key(standing.generation, customer_id, standing.order_id)
        facts = {**key, **standing.facts.to_data()}
        self._uow.stage(_renewed(facts, standing.facts_version))
        summary = {
            **summary_key(standing.generation, customer_id),
            **summary_item(standing.summary),
        }
        self._uow.stage(_renewed(summary, standing.summary_version))


class DynamoCustomersUnitOfWork(DynamoUnitOfWork):
    """The unit of work over standings; *only* writes one generation, for a rebuild."""

    def __init__(self, client: "DynamoDBClient", table: str, *, only: str | None = None) -> None:
        super().__init__(client, table)
        self.standings = DynamoStandings(self, ReadModel(client, table, READ_MODEL), only)


def _standing(
    found: Mapping[tuple[str, str], Item], generation: str, customer_id: str, order_id: str
) -> Standing:
    facts = found.get(tuple(facts_key(generation, customer_id, order_id).values()))  # type: ignore[arg-type]
    summary = found.get(tuple(summary_key(generation, customer_id).values()))  # type: ignore[arg-type]
    return Standing(
        generation=generation,
        order_id=order_id,
        facts=OrderFacts.from_data(facts) if facts else OrderFacts(),
        facts_version=facts["version"] if facts else 0,
        summary=summary_of(summary) if summary else CustomerSummary(customer_id=customer_id),
        summary_version=summary["version"] if summary else 0,
    )


def _renewed(item: Item, version: int) -> Write:
    stored = {**item, "version": version + 1}
    if version == 0:
        return put(stored)
    return put(
        stored,
        condition="#version = :loaded",
        values={":loaded": version},
        names={"#version": "version"},
    )
