"""Bad requests as raw bytes, on the deployed stack; `tools.lab.fuzz.stack` sends thousands."""

import sys

import pytest

from tools.lab.fuzz.stack import StackFuzzer
from tools.lab.fuzz.wire import parsed

REQUESTS = 150


@pytest.mark.row("API-01")
def test_no_bytes_bring_a_5xx_or_leave_a_write_behind_a_refusal(shop, capsys):
    tally = StackFuzzer(shop).run(1, range(REQUESTS))
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(tally.lines()) + "\n")
    assert tally.problems == []
    assert tally.requests == REQUESTS
    assert {200, 401, 404, 422} <= tally.ours.keys()
    assert tally.before_us


def test_a_write_behind_a_refusal_is_noticed(shop):
    made = shop.register("noticed@shop.example")
    refused = {made.headers["x-request-id"]: 422}
    (found,) = StackFuzzer(shop)._left_behind(refused)
    assert found.startswith("write after a refusal: 422, identity: User#")


def test_what_comes_back_is_read_as_http():
    head = b"HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}"
    reply = parsed(head, is_head=False)
    assert (reply.status, reply.headers["x-a"], reply.body) == (404, "b", b"{}")
    assert parsed(b"", is_head=False).status == 0
