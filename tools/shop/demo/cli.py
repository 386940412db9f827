"""Places three orders and shows their lives: paid, card declined, more than there is."""

import secrets
from collections.abc import Sequence
from concurrent.futures import Future, wait
from functools import partial

from rich.console import Console
from rich.live import Live

from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.entry.workers import Workers
from tools.local.access import StackAccess
from tools.shop.api_client.shop import Shop
from tools.shop.api_client.transport import Transport
from tools.shop.demo.life import Follower, Life
from tools.shop.demo.screen import columns
from tools.shop.demo.stories import STORIES, Story
from tools.shop.seed.assortment import ADMIN
from tools.shop.seed.stack import seeded_stack

PATIENCE_SECONDS = 30.0
_FRAME_SECONDS = 0.1


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 if everything agrees, 1 if not, 2 if it cannot be shown."""
    parser = Parser(prog="python -m tools.shop.demo", description=__doc__)
    parser.parse_args(arguments)
    console = Console()
    with seeded_stack(console) as stack:
        return 0 if show(stack, console) else 1


def show(
    stack: StackAccess,
    console: Console,
    stories: Sequence[Story] = STORIES,
    patience: float = PATIENCE_SECONDS,
) -> bool:
    """Play *stories* on *stack*, which is seeded; tell whether everything agrees in the end."""
    with Transport(stack.base_url) as transport, Workers(len(stories)) as pool:
        anybody = Shop(transport)
        admin = anybody.signed_in(ADMIN.email, ADMIN.password)
        lives = _begin(admin, stories)
        # A new customer: every notification and mail of theirs is about these orders.
        email, password = f"demo-{secrets.token_hex(4)}@tradewind.example", secrets.token_hex(12)
        anybody.register(email, password, "Demo Customer")
        customer = anybody.signed_in(email, password)
        follower = Follower(customer, admin, partial(_mails_about, stack, email), patience)
        with Live(columns(lives), console=console, auto_refresh=False) as live:
            futures = [pool.submit(follower.follow, life) for life in lives]
            try:
                _draw_until_done(live, lives, futures)
            finally:
                follower.stop()
    agrees = all(life.agrees for life in lives)
    console.print(
        "[bold green]Orders, stock, payments and notifications agree.[/]"
        if agrees
        else "[bold red]They do not agree: see ✗ above.[/]"
    )
    return agrees


def _begin(admin: Shop, stories: Sequence[Story]) -> list[Life]:
    wanted = {story.product for story in stories}
    products = {p.mnemonic: p for p in admin.products() if p.mnemonic in wanted}
    lives = []
    for story in stories:
        product = products[story.product]
        stock = admin.stock(product.id)
        if not story.beyond_stock and stock.available < story.quantity:
            stock = admin.adjust_stock(product.id, 20, "Delivery for the demo")
        quantity = story.quantity + (stock.available if story.beyond_stock else 0)
        lives.append(Life(story, product, stock, quantity))
    return lives


def _draw_until_done(live: Live, lives: Sequence[Life], futures: Sequence[Future[None]]) -> None:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=_FRAME_SECONDS)
        live.update(columns(lives), refresh=True)
        for future in done:
            future.result()


def _mails_about(stack: StackAccess, email: str, order_id: str) -> list[str]:
    return [
        mail["Subject"].partition(" [")[0]  # without its reference
        for mail in stack.mails()
        if email in mail["To"] and order_id in mail["BodyText"]
    ]
