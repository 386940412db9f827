"""Queue → consumer."""

from tools.lab.simulation.mutants.mutant import Mutant, mutant

_CONSUMER = "shared/platform/entry/consumer.py"
_DONE = (
    "                postpone(record, failures=times, hopeless=hopeless)\n"
    "                return False\n"
)
_GIVEN_UP = """\
                if give_up(record, error, consumer=self.name, hopeless=hopeless, failures=times):
                    return True
"""
_FAILED = '                        failed.append(record["messageId"])\n'

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "consumer acknowledges on error",
        "an event whose handling failed is lost",
        _CONSUMER,
        _DONE,
        "                return True\n",
    ),
    mutant(
        "poison acknowledged",
        "what nobody can handle vanishes instead of ending among the dead letters",
        _CONSUMER,
        "                hopeless = isinstance(error, MalformedEvent)\n",
        "                hopeless = isinstance(error, MalformedEvent)\n"
        "                if hopeless:\n                    return True\n",
    ),
    mutant(
        "one failure of a batch reported",
        "of several messages that failed only the last comes again",
        _CONSUMER,
        _FAILED,
        '                        failed = [record["messageId"]]\n',
    ),
    mutant(
        "a failure ends the batch",
        "messages after one that failed are acknowledged unseen",
        _CONSUMER,
        _FAILED,
        _FAILED + "                        break\n",
    ),
    mutant(
        "out of time, rest acknowledged",
        "messages that a batch had no time for are lost",
        _CONSUMER,
        '                        failed += [later["messageId"] for later in records[position:]]\n',
        '                        failed += [record["messageId"]]\n',
    ),
    mutant(
        "every failure is hopeless",
        "one throttled call, and an event is a dead letter",
        _CONSUMER,
        "                hopeless = isinstance(error, MalformedEvent)\n",
        "                hopeless = True\n",
    ),
    mutant(
        "given up and left on the queue",
        "a message that was given up stays on its queue as well",
        _CONSUMER,
        _GIVEN_UP,
        _GIVEN_UP.replace("if give_up", "give_up").replace(
            ":\n                    return True", ""
        ),
    ),
    mutant(
        "too early acknowledged",
        "what is to be looked at again later never is",
        _CONSUMER,
        "                postpone(record, seconds=error.seconds)\n                return False\n",
        "                return True\n",
    ),
    mutant(
        "deliveries taken for failures",
        "a message that nobody has looked at is given up, since Lambda throttled its deliveries",
        "shared/platform/entry/dead_letters.py",
        "    last = failures is not None and failures >= known.max_failures\n",
        "    last = _deliveries(record) >= known.max_failures\n",
    ),
)
