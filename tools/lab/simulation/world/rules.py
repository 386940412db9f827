"""What EventBridge tells of itself: its rules, page by page, and who hears of each."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tools.lab.simulation.world.queues import ARN

if TYPE_CHECKING:
    from tools.lab.simulation.world.calls import Call
    from tools.lab.simulation.world.templates import Subscription

_PAGE = 4


def told_of_the_bus(subscriptions: "Sequence[Subscription]", call: "Call") -> dict[str, Any]:
    """Answer a question about the bus, its rules (named after their consumers) or a target."""
    match call.operation:
        case "ListRules":
            start = int(call.params.get("NextToken", "0"))
            page = subscriptions[start : start + _PAGE]
            rules = [
                {"Name": each.consumer, "EventPattern": json.dumps(each.pattern)} for each in page
            ]
            end = start + len(page)
            more = {"NextToken": str(end)} if end < len(subscriptions) else {}
            return {"Rules": rules, **more}
        case "ListTargetsByRule":
            targets = [
                {
                    "Id": each.consumer,
                    "Arn": f"{ARN}{each.queue}",
                    "DeadLetterConfig": {"Arn": f"{ARN}{each.dlq}"},
                }
                for each in subscriptions
                if each.consumer == call.params["Rule"]
            ]
            return {"Targets": targets}
    return {"Name": call.params["Name"]}
