"""Let a customer's summary follow their orders."""

from dataclasses import dataclass, replace

from shared.customers.domain.order_update import OrderUpdate
from shared.customers.ports import CustomersUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOrder:
    """Have the summary of a customer follow *news* of one of their orders."""

    news: OrderUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOrderHandler:
    """The projector: adds news of orders to the read model."""

    uow: CustomersUnitOfWork

    def __call__(self, command: ProjectOrder) -> None:
        """Add the news; what is known already changes nothing."""
        news = command.news
        with self.uow as uow:
            for standing in uow.standings.load(news.customer_id, news.order_id):
                facts = standing.facts.with_update(news)
                if facts == standing.facts:
                    continue
                summary = standing.summary.after(standing.facts, facts, at=news.at)
                uow.standings.save(replace(standing, facts=facts, summary=summary))
            uow.commit()
