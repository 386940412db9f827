"""A request for every route that succeeds for whoever may send it: the function's sample event."""

import copy
import json
from collections.abc import Callable
from typing import Any

from shared.identity.domain.key_text import key_id
from tools.lab.authorization.endpoints import Endpoint
from tools.lab.authorization.table import View
from tools.lab.authorization.world import KEY, OWNER, SECRET, SESSION, about, refresh_token
from tools.lab.support.functions import sample_event

Event = dict[str, Any]
Change = Callable[[Event], Event]
SAMPLE_ORDER = "0190a000-0000-7000-8000-0000000000d1"
SAMPLE_RULE = "0190a000-0000-7000-8000-0000000000e1"
SAMPLE_PRODUCT = "0190a000-0000-7000-8000-0000000000b1"
SAMPLE_FLAG = "sales_alerts"
NOWHERE = "0190a000-0000-7000-8000-0000000000ee"
NO_KEY = key_id(OWNER, 99)
NO_SUBJECT, NO_FLAG = "teapots", "no_such_flag"
PRICE = 1_295
"""What the scene's products cost."""
OWNERS = (OWNER, SAMPLE_ORDER, SESSION, KEY, "ada@example.com", "Ada")
"""Texts that only what belongs to the owner has."""


def _body(event: Event, **changes: Any) -> Event:
    event["body"] = json.dumps(json.loads(event["body"]) | changes)
    event["headers"]["content-length"] = str(len(event["body"]))
    return event


def _instead(*texts: str, by: str) -> Change:
    def changed(event: Event) -> Event:
        whole = json.dumps(event)
        for text in texts:
            whole = whole.replace(text, by)
        found: Event = json.loads(whole)
        return found

    return changed


def _as_it_is(event: Event) -> Event:
    return event


def _product(product: str) -> Change:
    return lambda event: about(event, product)


_PRODUCTS = {"confidential": _product(SECRET), "missing": _product(NOWHERE)}
MADE: dict[str, dict[str, Change]] = {
    "product": _PRODUCTS,
    "goods": _PRODUCTS,
    "page": _PRODUCTS,
    "stock": _PRODUCTS,
    "order": {"missing": _instead(SAMPLE_ORDER, by=NOWHERE)},
    "payment": {"missing": _instead(SAMPLE_ORDER, by=NOWHERE)},
    "summary": {"missing": _instead(OWNER, by=NOWHERE)},
    "account": {"missing": _instead(OWNER, by=NOWHERE)},
    "session": {"missing": _instead(SESSION, by=NOWHERE)},
    "api_key": {"missing": _instead(KEY, by=NO_KEY)},
    "rule": {"missing": _instead(SAMPLE_RULE, by=NOWHERE)},
    "flag": {"missing": _instead(SAMPLE_FLAG, by=NO_FLAG)},
    "subject": {
        "missing": lambda event: _instead(
            f"business-rules/{event['pathParameters']['subject']}",
            by=f"business-rules/{NO_SUBJECT}",
        )(event)
    },
}
"""Makes a sample ask for what is not there for everybody to see, or not there at all."""


def _price(amount: int) -> Change:
    return lambda event: _body(event, price={"amount": amount, "currency": "GBP"})


def _confidential(*, value: bool) -> Change:
    return lambda event: _body(event, is_confidential=value)


CHANGES: dict[str, Change] = {
    "price_by_20_percent": _price(PRICE * 12 // 10),
    "price_by_more": _price(PRICE * 12 // 10 + 1),
    "warehouse_besides": lambda event: _body(event, roles=["customer", "warehouse"]),
    "one_more": _instead("order:place", by="flag:set"),
    "publish": _confidential(value=False),
    "conceal": _confidential(value=True),
}


def _line_of(event: Event) -> Event:
    event = _instead("business-rules/product", by="business-rules/order_line")(event)
    return _body(event, candidate={"product_id": SAMPLE_PRODUCT, "quantity": 2})


PREPARED: dict[str, Change] = {
    # The sample's address is taken in our scene.
    "identity/register": lambda event: _body(event, email="eve@example.com"),
    "identity/log_out": lambda event: _body(event, refresh_token=refresh_token()),
    "identity/refresh_tokens": lambda event: _body(event, refresh_token=refresh_token()),
}
OTHER_BODIES: dict[tuple[str, str], Change] = {
    ("catalog/validate_against_rules", "goods"): _line_of,
}
"""Where the sample does not name what the table says can be named."""


def request(endpoint: Endpoint, view: View | None) -> Event:
    """Return the event of a request to *endpoint* for *view*."""
    event = copy.deepcopy(sample_event(endpoint.service, endpoint.use_case))
    event["requestContext"]["http"]["method"] = endpoint.method  # the sample's, or HEAD
    event = PREPARED.get(endpoint.function, _as_it_is)(event)
    if view is not None:
        event = OTHER_BODIES.get((endpoint.function, view.thing), _as_it_is)(event)
        if not view.listed:
            before = json.dumps(event)
            event = MADE[view.thing].get(view.visibility, _as_it_is)(event)
            if view.visibility in MADE[view.thing] and json.dumps(event) == before:
                raise LookupError(f"{endpoint.name}: the sample names no {view.thing}")
        if view.change:
            event = CHANGES[view.change](event)
    event["headers"].pop("authorization", None)
    return event


def shows(view: View | None, body: str) -> bool:
    """Tell whether *body* has what *view* is of."""
    kept = {"confidential": (SECRET,), "public": (SAMPLE_PRODUCT,)}
    texts = kept.get(view.visibility, OWNERS) if view is not None else OWNERS
    return any(text in body for text in texts)


def anonymised(text: str) -> str:
    """Return *text* with one name for whatever was asked for."""
    for asked in (
        SECRET,
        NOWHERE,
        SAMPLE_PRODUCT,
        SAMPLE_ORDER,
        SAMPLE_RULE,
        SESSION,
        KEY,
        NO_KEY,
        OWNER,
    ):
        text = text.replace(asked, "it")
    return text.replace(NO_SUBJECT, "it").replace(NO_FLAG, "it").replace(SAMPLE_FLAG, "it")
