"""Sample data, and what the developer reads when the stack is up."""

import importlib
import importlib.util
import time

from rich.console import Console

from tools.local.stack import LocalStack


def seed_and_welcome(stack: LocalStack, console: Console, *, seed: bool) -> None:
    """Seed the stack through `tools.seed`, then print the address, credentials and examples."""
    credentials: list[tuple[str, str, str]] = []
    if seed and importlib.util.find_spec("tools.seed"):
        started = time.perf_counter()
        with console.status("Seed sample data"):
            seeded = importlib.import_module("tools.seed").seed(stack)
        credentials = [(user.role, user.email, user.password) for user in seeded.users]
        console.print(
            f"[green]✓[/] Seed sample data [dim]{time.perf_counter() - started:.1f} s[/]"
        )
    console.print(f"\n[bold]Tradewind[/] is at [bold cyan]{stack.base_url}[/]\n")
    for role, email, password in credentials:
        console.print(f"  {role:<9} {email}  {password}")
    console.print("\n[bold]Try[/]")
    for example in _examples(stack.base_url, credentials):
        console.print(f"  {example}", soft_wrap=True, highlight=False, markup=False)
    console.print(
        "\n[bold]Look[/]\n"
        "  logs of the functions   python -m tools.local logs \\[place_order] \\[--follow]\n"
        "  e-mails that were sent  python -m tools.local mails\n"
        f"  the emulator's log      {stack.description.log_dir}/ministack.log\n"
        f"  the AWS endpoint        {stack.endpoint} "
        f"(key {stack.description.access_key_id}, secret {stack.description.secret_access_key})\n"
    )


def _examples(base_url: str, credentials: list[tuple[str, str, str]]) -> list[str]:
    examples = [f"curl -s {base_url}/health", f"curl -s '{base_url}/api/v1/products?limit=3'"]
    if credentials:
        _role, email, password = credentials[-1]
        body = f'{{"email": "{email}", "password": "{password}"}}'
        examples.append(
            f"curl -s {base_url}/api/v1/auth/login -H 'Content-Type: application/json' -d '{body}'"
        )
    return examples
