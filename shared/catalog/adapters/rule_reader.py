"""Shows the list of rules: one ``Query`` a page."""

from dataclasses import dataclass

from shared.catalog.adapters.rule_book import list_partition
from shared.catalog.domain.rule import Subject
from shared.catalog.domain.rule_details import RuleDetails
from shared.kernel.paging import Page, PageRequest
from shared.platform.dynamodb.calls import repository_call
from shared.platform.dynamodb.cursors import scope_of
from shared.platform.dynamodb.paging import Listing, Pager


@dataclass(frozen=True, slots=True)
class DynamoRuleListReader:
    """Pages of rules by when they were added."""

    pager: Pager

    def page(
        self, asked: PageRequest, *, subject: Subject, descending: bool, reader_id: str
    ) -> Page[RuleDetails]:
        """Return the page; `InvalidCursor` when its cursor is not of this list and reader."""
        named = {"subject": subject, "descending": descending}
        listing = Listing(
            condition="PK = :list",
            values={":list": list_partition(subject)},
            keys=("PK", "SK"),
            scope=scope_of("business_rules", named, principal=reader_id),
            descending=descending,
            consistent=True,
        )
        with repository_call("list", "BusinessRule"):
            return self.pager.page(listing, asked).map(RuleDetails.from_data)
