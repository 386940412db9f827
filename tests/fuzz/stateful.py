"""schemathesis on the assembled document: its stateful phase walks the links between operations.

``python -m tests.fuzz.stateful [--scenarios N]`` prints, as JSON, what was walked and what failed.
It is a program of its own because pytest would rewrite every module of schemathesis.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import hypothesis
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.stateful.state_machine import (
    APIStateMachine,
    StepInput,
    StepOutput,
)

from tests.fuzz.gateway import DOCUMENT, Gateway
from tests.fuzz.rig import Rig, running
from tests.fuzz.samples import operations
from tests.fuzz.scene import ADMIN, Scene, made
from tests.support import environment
from tools.openapi.document import assemble

STEPS = 8
"""The most requests of one scenario."""


CONFIG = {
    "generation": {"deterministic": True, "with-security-parameters": False},
    "checks": {
        # The authorization matrix asks every route as everybody.
        "ignored_auth": {"enabled": False},
        # Rules among fields, and what is in the shop, are said by no schema.
        "positive_data_acceptance": {"enabled": False},
        # An empty array in a query is no parameter at all; `tests.fuzz.contract` watches bodies.
        "negative_data_rejection": {"enabled": False},
    },
}


def walk(rig: Rig, *, scenarios: int) -> dict[str, Any]:
    """Run the stateful phase; return the links there are, those walked, and the failures."""
    document = assemble(rig.endpoints)
    found = operations(document)
    scene = made(rig)
    gateway = Gateway(scene, found, document)
    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, gateway, config=config)
    schema.validate()
    report = Report(document)
    machine = _machine(schema.as_state_machine(), scene, report)
    settings = hypothesis.settings(
        max_examples=scenarios,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    try:
        machine.run(settings=settings)
    except (Exception, FailureGroup) as failure:  # noqa: BLE001  # it is the finding
        report.failures["the walk"] = f"{type(failure).__name__}: {failure}"[:2_000]
    return report.shown()


class Report:
    """What was walked."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.declared = {
            f"{operation['operationId']} {status} {name}"
            for item in document["paths"].values()
            for operation in item.values()
            for status, response in operation["responses"].items()
            for name in response.get("links", ())
        }
        self.walked: Counter[str] = Counter()
        self.fruitful: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.failures: dict[str, str] = {}

    def note(self, case: Any, failure: BaseException) -> None:
        """Keep the first failure of its kind for each operation."""
        told = f"{failure} {getattr(failure, 'message', '')}".strip()
        self.failures.setdefault(f"{case.operation.label}: {type(failure).__name__}", told[:600])

    def shown(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "links": len(self.declared),
            "walked": len(self.walked),
            "fruitful": len(self.fruitful),
            "steps": self.statuses.total(),
            "linked_steps": self.walked.total(),
            "statuses": {str(k): v for k, v in sorted(self.statuses.items())},
            "by_link": dict(self.walked.most_common()),
            "failures": self.failures,
        }


def _machine(base: type[APIStateMachine], scene: Scene, report: Report) -> type[APIStateMachine]:
    class Walk(base):  # type: ignore[valid-type, misc]  # the base is made from the document
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {scene.tokens[ADMIN]}"}}

        def validate_response(self, response: Any, case: Any, *more: Any, **known: Any) -> None:
            try:
                super().validate_response(response, case, *more, **known)
            except FailureGroup as group:  # noted, so that the walk goes on
                for failure in group.exceptions:
                    report.note(case, failure)

        def step(self, input: StepInput) -> StepOutput:
            output: StepOutput = super().step(input)
            status = output.response.status_code
            report.statuses[status] += 1
            if input.transition is not None and input.is_applied:
                report.walked[input.transition.id] += 1
                if status < 400:
                    report.fruitful[input.transition.id] += 1
            return output

    return Walk


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when anything failed or no link was walked."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.stateful", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=100)
    options = parser.parse_args(arguments)
    environment.fix()
    asyncio.set_event_loop(asyncio.new_event_loop())
    with running() as rig:
        report = walk(rig, scenarios=options.scenarios)
    sys.stdout.write(json.dumps(report) + "\n")
    return 1 if report["failures"] or not report["walked"] else 0


if __name__ == "__main__":
    sys.exit(main())
