"""Sample data, and what the developer reads when the stack is up."""

import importlib
from typing import Any

from rich.console import Console

from tools.local.reporter import Reporter
from tools.local.stack import LocalStack


def seed_sample_data(stack: LocalStack, reporter: Reporter) -> Any:
    """Run `tools.shop.seed`, imported only here because a stack needs no sample data to run.

    Returns its `users` (role, email, password) and `examples` (shell lines).
    """
    with reporter.step("Seed sample data"):
        return importlib.import_module("tools.shop.seed").seed(stack)


def welcome(stack: LocalStack, seeded: Any | None, console: Console) -> None:
    """Say where everything is, and what to try first."""
    console.print(f"\n[bold]Tradewind[/] is at [bold cyan]{stack.base_url}[/]\n")
    examples = (f"curl -s {stack.base_url}/health",)
    if seeded is not None:
        for user in seeded.users:
            console.print(f"  {user.role:<9} {user.email}  {user.password}", highlight=False)
        console.print()
        examples = seeded.examples
    console.print("[bold]Try[/]")
    for example in examples:
        # Nothing may be wrapped or decorated: these lines are pasted into a shell.
        print(f"  {example}")
    console.print(
        "\n[bold]Look[/]\n"
        "  functions' logs  make logs \\[OF=place_order]\n"
        "  e-mails sent     make mails\n"
        f"  emulator's log   {stack.description.log_dir}/ministack.log\n"
        f"  AWS endpoint     {stack.endpoint}  region {stack.description.region}, "
        f"key {stack.description.access_key_id}, "
        f"secret {stack.description.secret_access_key}\n",
        highlight=False,
        soft_wrap=True,
    )
