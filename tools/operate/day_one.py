"""What only an account proves, in ten minutes: ``python -m tools.operate.day_one STACK``.

Everything that can be read is; what has to be tried is tried with a change set that is never
executed and is removed again. Nothing else is made or changed. Prints a table and exits with 1
when something is not as the templates mean it.
"""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import boto3
from rich.console import Console
from rich.table import Table

from tools.entry.arguments import Parser
from tools.entry.guard import ToolError, guarded
from tools.operate.day_one_checks import CHECKS, Account, Answer, Finding, look

_SECONDS = 20


def ask(url: str, headers: dict[str, str]) -> Answer:
    """Return what a GET gets, whatever its status."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise ToolError(f"{url} is no address of the web.")
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # looked at above
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
            status, known, body = response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        with error:
            status, known, body = error.code, dict(error.headers), error.read()
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    return Answer(status, {name.lower(): value for name, value in known.items()}, said)


def table(findings: Sequence[Finding]) -> Table:
    """Return the findings for a person."""
    shown = Table("", "what", "found")
    for each in findings:
        shown.add_row(each.verdict, each.what, each.says)
    return shown


@guarded
def main(arguments: Sequence[str]) -> int:
    """Look, and say what was found."""
    parser = Parser(description=__doc__)
    parser.add_argument("stack", help="the name of the root stack")
    parser.add_argument("--endpoint-url", help="of an emulator")
    parser.add_argument("--base-url", help="of the front door, where it is not the stack's output")
    asked = parser.parse_args(arguments)
    session: Any = boto3.Session()
    account = Account(
        client=lambda name: session.client(name, endpoint_url=asked.endpoint_url),
        stack=asked.stack,
        ask=ask,
        front_door=asked.base_url or "",
    )
    findings = look(account, CHECKS)
    Console().print(table(findings))
    return 1 if any(each.verdict == "FAILED" for each in findings) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
