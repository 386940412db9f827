"""Let a customer's summary follow their orders."""

from dataclasses import dataclass, replace

from shared.customers.domain.order_update import OrderUpdate
from shared.customers.ports import CustomersUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOrder:
    """Have the summary of a customer follow an *update* of one of their orders."""

    update: OrderUpdate


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOrderHandler:
    """The projector: adds updates of orders to the read model."""

    uow: CustomersUnitOfWork

    def __call__(self, command: ProjectOrder) -> None:
        """Add the update; what is known already changes nothing."""
        update = command.update
        with self.uow as uow:
            for standing in uow.standings.load(update.customer_id, update.order_id):
                facts = standing.facts.with_update(update)
                if facts == standing.facts:
                    continue
                summary = standing.summary.after(standing.facts, facts, at=update.at)
                uow.standings.save(replace(standing, facts=facts, summary=summary))
            uow.commit()
