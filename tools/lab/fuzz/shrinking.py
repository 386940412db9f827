"""Makes a failing request small: what is left is what it takes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tools.lab.fuzz.cases import Case
from tools.lab.fuzz.request import Request

Fails = Callable[[Request], bool]

MAX_TRIES = 400


def shrunk(case: Case, fails: Fails) -> tuple[tuple[str, ...], Request]:
    """Return the attacks that are needed and the smallest request found that still fails."""
    attacks = case.attacks
    for attack in case.attacks:
        fewer = tuple(each for each in attacks if each is not attack)
        if fails(replace(case, attacks=fewer).request()):
            attacks = fewer
    request, tries = replace(case, attacks=attacks).request(), 0
    again = True
    while again and tries < MAX_TRIES:
        again = False
        for smaller in _smaller(request):
            tries += 1
            if tries > MAX_TRIES:
                break
            if fails(smaller):
                request, again = smaller, True
                break
    return tuple(attack.__name__ for attack in attacks), request


def _smaller(request: Request) -> Iterator[Request]:
    """Yield requests with a part less, large parts first."""
    if request.token:
        yield replace(request, token="")
    if request.query:
        yield replace(request, query="")
    if request.body:
        yield replace(request, body=None)
    for index in range(len(request.headers)):
        yield replace(request, headers=request.headers[:index] + request.headers[index + 1 :])
    for index in range(len(request.edits)):
        yield replace(request, edits=request.edits[:index] + request.edits[index + 1 :])
    for index, (name, value) in enumerate(request.headers):
        for less in _shorter(value):
            pairs = (*request.headers[:index], (name, less), *request.headers[index + 1 :])
            yield replace(request, headers=pairs)
    for less in _shorter(request.query):
        yield replace(request, query=less)
    for body in _shorter((request.body or b"").decode("latin-1")):
        yield replace(request, body=body.encode("latin-1"))


def _shorter(text: str) -> Iterator[str]:
    size = len(text) // 2
    while size:
        for start in range(0, len(text), size):
            yield text[:start] + text[start + size :]
        size //= 2
