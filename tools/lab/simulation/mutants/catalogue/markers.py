"""Inbox markers and idempotency records."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_MARKERS = "shared/platform/dynamodb/markers.py"
_COMMANDS = "shared/platform/entry/commands.py"
_ENDPOINT = "shared/platform/http/route.py"
_SETTINGS = "shared/platform/runtime/settings.py"
_REMEMBER = (
    '    return put(item, condition=_FREE, values={":now": now}, refused=RequestAlreadyAnswered)\n'
)
_HANDLED = (
    '    return put(item, condition=_FREE, values={":now": now}, refused=EventAlreadyHandled)\n'
)

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "marker put over a marker",
        "a second delivery of an event is handled again",
        _MARKERS,
        _HANDLED,
        "    return put(item, condition=None, refused=EventAlreadyHandled)\n",
    ),
    mutant(
        "record put over a record",
        "two requests with one key both have their effect",
        _MARKERS,
        _REMEMBER,
        "    return put(item, condition=None, refused=RequestAlreadyAnswered)\n",
    ),
    mutant(
        "key without principal",
        "one customer's key is everybody's",
        _MARKERS,
        'f"IDEMPOTENCY#{request.principal}#{request.route}#{request.key}"',
        'f"IDEMPOTENCY#everybody#{request.route}#{request.key}"',
    ),
    mutant(
        "key without route",
        "a key used for one thing is taken for all",
        _MARKERS,
        'f"IDEMPOTENCY#{request.principal}#{request.route}#{request.key}"',
        'f"IDEMPOTENCY#{request.principal}#POST any#{request.key}"',
    ),
    mutant(
        "answer not stored",
        "a replay has nothing to tell",
        _MARKERS,
        '        "result": result.to_data(),\n',
        '        "result": {},\n',
    ),
    mutant(
        "expiry trusted to TTL when reading",
        "a record that expired and lingers is replayed days later",
        _MARKERS,
        '    return bool(item["expires_at"] > now)\n',
        "    return True\n",
    ),
    mutant(
        "expiry trusted to TTL when writing",
        "a record that expired and lingers keeps its key for good",
        _MARKERS,
        '_FREE = "attribute_not_exists(PK) OR expires_at <= :now"\n',
        '_FREE = "attribute_not_exists(PK) AND :now = :now"\n',
    ),
    mutant(
        "answers remembered for a minute",
        "a client that retries later buys twice",
        _SETTINGS,
        "    idempotency_ttl_seconds: int = 86_400\n",
        "    idempotency_ttl_seconds: int = 60\n",
    ),
    mutant(
        "events remembered for a minute",
        "a message that comes again later is handled again",
        _SETTINGS,
        "    inbox_ttl_seconds: int = 30 * 86_400\n",
        "    inbox_ttl_seconds: int = 60\n",
    ),
    mutant(
        "fingerprint not compared",
        "another request with the same key gets the first one's answer",
        _COMMANDS,
        '    if record["fingerprint"] != request.fingerprint:\n',
        "    if False:\n",
    ),
    mutant(
        "fingerprint without body",
        "an order for something else gets the first one's answer",
        _ENDPOINT,
        "    asked: list[Any] = [path, body]\n",
        "    asked: list[Any] = [path]\n",
    ),
    mutant(
        "fingerprint without path",
        "cancelling another order with the same key gets the first one's answer",
        _ENDPOINT,
        "    asked: list[Any] = [path, body]\n",
        "    asked: list[Any] = [body]\n",
    ),
    mutant(
        "refusal not looked up",
        "a repeated cancellation hears that the order is cancelled already",
        _COMMANDS,
        "            stored = None if refused.final else _stored(returns)\n",
        "            stored = None\n",
    ),
    mutant(
        "marker under the invocation's id",
        "an event that is delivered again is another event",
        "shared/platform/entry/consumer.py",
        "event_id=event.id)",
        "event_id=context.request_id)",
    ),
    Mutant(
        "key forgotten on retry",
        "the attempt after a stale one does not carry the key",
        (
            Edit(
                _COMMANDS,
                '            metrics.add_metric("StaleRetry", MetricUnit.Count, 1)\n',
                '            metrics.add_metric("StaleRetry", MetricUnit.Count, 1)\n           '
                " current().idempotency = None\n",
            ),
        ),
    ),
)
