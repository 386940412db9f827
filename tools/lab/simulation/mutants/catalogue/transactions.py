"""What a transaction's failure means, misread."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_TRANSACTION = "shared/platform/dynamodb/transaction.py"
_COMMANDS = "shared/platform/entry/commands.py"
_EXPLAIN = """\
            except ClientError as error:
                busy = self._explain(error, writes)
"""
_LOST = """\
            except BotoCoreError as error:
                raise NetworkError(f"DynamoDB: {error}") from error
"""
_DUPLICATE = """\
                refusals = [write.refused() for write in writes]
                marks = [each for each in refusals if isinstance(each, _MARKERS)]
                if marks:
                    raise marks[0] from error
"""

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "any cancellation taken for a duplicate",
        "whatever cancels a transaction, the event counts as handled, the request as answered",
        _TRANSACTION,
        _EXPLAIN,
        "            except ClientError as error:\n"
        + _DUPLICATE
        + "                busy = self._explain(error, writes)\n",
    ),
    mutant(
        "conflict swallowed",
        "a transaction that met another one counts as committed",
        _TRANSACTION,
        _EXPLAIN,
        _EXPLAIN + "                if busy:\n                    return\n",
    ),
    mutant(
        "throttling swallowed",
        "a transaction that was throttled counts as committed",
        _TRANSACTION,
        "        elif code in _TRANSIENT:\n            return []\n",
        "        elif code in _TRANSIENT:\n            raise EventAlreadyHandled from error\n",
    ),
    mutant(
        "lost answer taken for success",
        "a transaction that nobody answered counts as committed",
        _TRANSACTION,
        _LOST,
        "            except BotoCoreError:\n                return\n",
    ),
    Mutant(
        "lost answer taken for failure",
        "a command whose answer was lost is carried out again, as another one",
        (
            Edit(
                _COMMANDS,
                "        except ConcurrencyConflict:\n            delay",
                "        except (ConcurrencyConflict, NetworkError):\n            delay",
            ),
            Edit(
                _COMMANDS,
                "C = TypeVar(",
                "from shared.platform.runtime.errors import NetworkError\n\nC = TypeVar(",
            ),
        ),
    ),
    mutant(
        "a new token for each attempt",
        "a transaction that failed after its effect meets itself",
        _TRANSACTION,
        "                    ClientRequestToken=token,\n",
        "                    ClientRequestToken=new_id(),\n",
    ),
    mutant(
        "only the first reason looked at",
        "a condition that failed further down is no condition",
        _TRANSACTION,
        '            codes = [reason.get("Code", "None") for reason in reasons]\n',
        '            codes = [reason.get("Code", "None") for reason in reasons[:1]]\n',
    ),
    mutant(
        "stale taken for done",
        "who was too late believes to have been in time",
        _COMMANDS,
        "            if number == MAX_ATTEMPTS or delay >= remaining_seconds():\n"
        "                raise\n",
        "            return None  # type: ignore[return-value]\n",
    ),
    mutant(
        "back-off without bound",
        "who meets another transaction waits for minutes, until its time is up",
        _TRANSACTION,
        "        if delay >= remaining_seconds():\n            return False\n",
        "        delay *= 6_000\n",
    ),
    mutant(
        "no second attempt",
        "a transaction that met another one is never sent again, and says so to nobody",
        _TRANSACTION,
        "            if not self._pause(attempt):\n                break\n",
        "            return\n",
    ),
)
