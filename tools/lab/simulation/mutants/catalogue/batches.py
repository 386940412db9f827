"""Answers to batches: in no order, in parts, and refused in part."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_READING = "shared/platform/dynamodb/reading.py"
_RELAY = "shared/platform/entry/relay.py"
_NOTIFICATIONS = "shared/notifications/adapters/unit_of_work.py"
_QUOTES = "shared/catalog/adapters/quote_reader.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "balances paired by position",
        "an order takes the stock of another product than it says",
        "shared/inventory/adapters/unit_of_work.py",
        "        reservation, balances = Reservation(order_id), {}\n"
        "        for item in items:\n"
        '            if item["PK"] == wanted["PK"]:\n'
        "                reservation = reservation_of(item)\n"
        "            else:\n"
        '                balances[item["id"]] = balance_of(item)\n',
        "        reservation, stocks = Reservation(order_id), []\n"
        "        for item in items:\n"
        '            if item["PK"] == wanted["PK"]:\n'
        "                reservation = reservation_of(item)\n"
        "            else:\n"
        "                stocks.append(balance_of(item))\n"
        "        balances = dict(zip(product_ids, stocks, strict=False))\n",
    ),
    mutant(
        "version told is the last of the batch",
        "what a customer knows of an order is read off something else",
        _NOTIFICATIONS,
        '        told = found.get(told_key(order_id)["PK"]) if order_id else None\n',
        "        last = items[-1] if items else {}\n"
        '        told = last if order_id and "order_version" in last else None\n',
    ),
    Mutant(
        "quotes paired by position",
        "a line costs what another one's product costs",
        (
            Edit(
                _QUOTES,
                '            item["id"]: Quote(\n                product_id=item["id"],\n',
                "            asked: Quote(\n                product_id=asked,\n",
            ),
            Edit(
                _QUOTES,
                "            for item in items\n            if item is not book\n",
                "            for asked, item in zip(\n"
                "                dict.fromkeys(product_ids),\n"
                "                [each for each in items if each is not book],\n"
                "                strict=False,\n"
                "            )\n",
            ),
        ),
    ),
    mutant(
        "first part of a batch dropped",
        "of a batch that was answered in two parts only the second is there",
        _READING,
        '        items.extend(from_item(item) for item in answer["Responses"].get(table, []))\n',
        '        items = [from_item(item) for item in answer["Responses"].get(table, [])]\n',
    ),
    mutant(
        "query ends with its first page",
        "of a history that fills a page the rest does not exist",
        _READING,
        "        if start is None or (limit is not None and len(items) >= limit):\n",
        "        if items or start is None:\n",
    ),
    mutant(
        "refused entries counted, not looked at",
        "when the bus refuses some, the last ones are sent again, whichever it refused",
        _RELAY,
        '            for event_id, outcome in zip([*waiting], answer["Entries"], strict=True):\n'
        '                if "EventId" in outcome:\n'
        "                    del waiting[event_id]\n"
        '                elif outcome.get("ErrorCode") in _FOR_GOOD:\n'
        '                    never[event_id] = outcome["ErrorCode"]\n'
        "                    del waiting[event_id]\n",
        '            taken = len(waiting) - answer["FailedEntryCount"]\n'
        "            for event_id in [*waiting][:taken]:\n"
        "                del waiting[event_id]\n",
    ),
)
