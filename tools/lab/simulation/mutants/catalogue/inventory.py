"""Stock and reservations."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_ITEMS = "shared/inventory/adapters/stock.py"
_UOW = "shared/inventory/adapters/unit_of_work.py"
_DEMAND = "shared/inventory/domain/demand.py"
_RESERVATION = "shared/inventory/domain/reservation.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "inventory keeps the card",
        "the payment method is stored and published with the reservation",
        (
            Edit(
                _DEMAND,
                "    lines: tuple[Line, ...]\n",
                '    lines: tuple[Line, ...]\n    payment_method: str = ""\n',
            ),
            Edit(
                "shared/inventory/consumers.py",
                '        customer_id=text(data, "customer_id"),\n',
                '        customer_id=text(data, "customer_id"),\n'
                '        payment_method=text(data, "payment_method"),\n',
            ),
            Edit(
                "shared/inventory/domain/events.py",
                "    customer_id: str\n    lines: Lines\n",
                '    customer_id: str\n    lines: Lines\n    payment_method: str = ""\n',
            ),
            Edit(
                _RESERVATION,
                "                customer_id=demand.customer_id,\n                lines",
                "                customer_id=demand.customer_id,\n"
                "                payment_method=demand.payment_method,\n                lines",
            ),
        ),
    ),
    mutant(
        "balance moved without its condition",
        "two orders take the last unit",
        _ITEMS,
        "        yield update(stock_key(product_id), expression, condition=condition,"
        " values=values)\n",
        "        names = {name: v for name, v in values.items() if not name.startswith(':min')}\n"
        "        yield update(stock_key(product_id), expression, values=names)\n",
    ),
    Mutant(
        "stock read, changed and written",
        "a balance is set to what was read a moment ago, less the order",
        (
            Edit(
                _UOW,
                '            else:\n                balances[item["id"]] = balance_of(item)\n',
                '            else:\n                balances[item["id"]] = balance_of(item)\n'
                "        self._uow.read = balances\n",
            ),
            Edit(
                _UOW,
                "        for write in move_writes(movements):\n           "
                " self._uow.stage(write)\n",
                "        from shared.inventory.adapters.stock import PARTS\n"
                "        from shared.platform.dynamodb.writes import update\n\n"
                "        read = getattr(self._uow, 'read', {})\n"
                "        for id, movement in movements.items():\n"
                "            if id not in read:\n"
                "                for write in move_writes({id: movement}):\n"
                "                    self._uow.stage(write)\n"
                "                continue\n"
                "            left = read.pop(id) + movement\n"
                "            self._uow.stage(\n"
                "                update(\n"
                "                    stock_key(id),\n"
                "                    'SET ' + ', '.join(f'{p} = :{p}' for p in PARTS),\n"
                "                    values={f':{p}': getattr(left, p) for p in PARTS},\n"
                "                )\n"
                "            )\n",
            ),
        ),
    ),
    mutant(
        "balances moved on their own",
        "units move in a transaction of their own, before the reservation says so",
        _UOW,
        "        for write in move_writes(movements):\n            self._uow.stage(write)\n",
        "        if movements:\n           "
        " self._uow._transactor.send([*move_writes(movements)])\n",
    ),
    mutant(
        "write-off without its condition",
        "units that were promised in the meantime are written off",
        _ITEMS,
        '        condition=turn if first or not condition else f"{turn} AND {condition}",\n'
        '        values={**values, ":version": stock.version, ":id": stock.id},\n',
        "        condition=turn,\n"
        "        values={\n"
        "            **{n: v for n, v in values.items() if not n.startswith(':min')},\n"
        '            ":version": stock.version,\n'
        '            ":id": stock.id,\n'
        "        },\n",
    ),
    Mutant(
        "release without its condition",
        "a release that is asked for twice gives back twice",
        (
            Edit(
                _RESERVATION,
                "            case ReservationStatus.RESERVED:\n                movements",
                "            case ReservationStatus.RESERVED | ReservationStatus.RELEASED:\n"
                "                movements",
            ),
            Edit(
                "shared/orders/domain/order.py",
                "        self._happen(released, at)\n",
                "        self._happen(released, at)\n        self._happen(released, at)\n",
            ),
        ),
    ),
    mutant(
        "no stone on the grave",
        "an order that is cancelled before it is heard of gets its goods later, and keeps them",
        _RESERVATION,
        "            case ReservationStatus.REJECTED | ReservationStatus.RELEASED:\n",
        "            case _:\n",
    ),
    mutant(
        "decided on twice",
        "an order that comes again is decided on again",
        _RESERVATION,
        "        if self.status is not ReservationStatus.NEW:\n            return NOTHING\n"
        "        shortages",
        "        if self.status is ReservationStatus.RESERVED:\n            return NOTHING\n"
        "        shortages",
    ),
    mutant(
        "rejected only if everything is short",
        "an order of which one line is there is held, and the other line never comes",
        _RESERVATION,
        "        if shortages:\n",
        "        if len(shortages) == len(demand.lines):\n",
    ),
    mutant(
        "sold goods not taken back",
        "an order cancelled after its completion keeps its goods",
        _RESERVATION,
        "                movements = self._each(Movement.take_back)\n",
        "                movements = NOTHING\n",
    ),
    mutant(
        "sold before it is committed",
        "goods that are held for a cancelled order are sold",
        _RESERVATION,
        "        if self.status is not ReservationStatus.RESERVED:\n            return NOTHING\n",
        "        if self.status is ReservationStatus.COMMITTED:\n            return NOTHING\n",
    ),
)
