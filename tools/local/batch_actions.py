"""On AWS a right to send a message is one to send a batch; the emulator asks for each by name.

So what the templates grant is spelled out for it: `sqs:SendMessage` brings
`sqs:SendMessageBatch`, and so on, which IAM itself does not know as actions. Nor does the emulator
tell its IAM who a mail is from, so a condition on that holds here where it is not told.
"""

import copy
from typing import Any

from tools.local.templates import Template, alternatives

_BATCHES = {
    f"sqs:{action}": f"sqs:{action}Batch"
    for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
}


def name_batch_actions(template: Template) -> Template:
    """Return *template* with the batch actions beside the single ones in its roles' policies."""
    widened = copy.deepcopy(template)
    for resource in widened["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in alternatives(resource["Properties"].get("Policies", [])):
                statements = policy["PolicyDocument"]["Statement"]
                for statement in statements if isinstance(statements, list) else [statements]:
                    _widen(statement)
    return widened


_UNTOLD = "ses:FromAddress"


def _widen(statement: dict[str, Any]) -> None:
    condition = statement.get("Condition", {})
    if _UNTOLD in condition.get("StringEquals", {}):
        condition["StringEqualsIfExists"] = condition.pop("StringEquals")
    actions = statement.get("Action", [])
    actions = [actions] if isinstance(actions, str) else list(actions)
    statement["Action"] = actions + [_BATCHES[each] for each in actions if each in _BATCHES]
