"""Flags on DynamoDB."""

from collections.abc import Mapping
from typing import Any

from shared.operations.domain.flag import FeatureFlag, FlagSetting
from shared.platform.dynamodb.codec import Item
from shared.platform.dynamodb.repository import DynamoRepository
from shared.platform.dynamodb.unit_of_work import DynamoUnitOfWork


class DynamoFlags(DynamoRepository[FeatureFlag]):
    """Keeps flags."""

    aggregate_class = FeatureFlag

    def to_item(self, aggregate: FeatureFlag) -> Item:
        """Return the state's attributes."""
        return {"id": aggregate.id, "setting": aggregate.setting and aggregate.setting.to_data()}

    def from_item(self, item: Mapping[str, Any]) -> FeatureFlag:
        """Return the flag."""
        setting = FlagSetting.from_data(item["setting"])
        return FeatureFlag(item["id"], setting=setting, version=item["version"])


class DynamoFlagsUnitOfWork(DynamoUnitOfWork):
    """The unit of work over flags."""

    @property
    def flags(self) -> DynamoFlags:
        """The flags."""
        return DynamoFlags(self)
