"""schemathesis on the assembled document: its stateful phase walks the links between operations.

``python -m tools.lab.fuzz.stateful [--scenarios N]`` prints what was walked and failed, as JSON.
It is a program of its own because pytest would rewrite every module of schemathesis.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any
from urllib.parse import quote

import hypothesis
import schemathesis
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.stateful.state_machine import (
    APIStateMachine,
    StepInput,
    StepOutput,
)

from tools.docs.openapi.document import assemble
from tools.entry.arguments import Parser
from tools.entry.guard import guarded
from tools.lab.fuzz.gateway import DOCUMENT, Gateway
from tools.lab.fuzz.rig import Rig, running
from tools.lab.fuzz.samples import Operation, Sampler, operations
from tools.lab.fuzz.scene import ADMIN, Scene, made
from tools.lab.support import environment

STEPS = 25
"""The most requests of one scenario."""

_FURNISHED = 0.8
"""The share of first requests that are about something that exists, so that there are links."""


CONFIG = {
    "generation": {"deterministic": True, "mode": "positive", "with-security-parameters": False},
    "checks": {
        # The authorization matrix asks every route as everybody.
        "ignored_auth": {"enabled": False},
        # Rules among fields, and what is in the shop, are said by no schema.
        "positive_data_acceptance": {"enabled": False},
        # A product that is created confidential has no public details.
        "ensure_resource_availability": {"enabled": False},
        # An empty array in a query is no parameter at all; bodies have `tools.lab.fuzz.contract`.
        "negative_data_rejection": {"enabled": False},
    },
}


def walk(rig: Rig, *, scenarios: int) -> dict[str, Any]:
    """Run the stateful phase; return the links there are, those walked, and the failures."""
    document = assemble(rig.endpoints)
    found = operations(document)
    gateway = Gateway(made(rig), found, document)
    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, gateway, config=config)
    schema.validate()
    report = Report(document)
    machine = _machine(schema.as_state_machine(), gateway, Furniture(document, found), report)
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
        text = f"{failure} {getattr(failure, 'message', '')}".strip()
        self.failures.setdefault(f"{case.operation.label}: {type(failure).__name__}", text[:600])

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


class Furniture:
    """Puts values that go somewhere into requests that schemathesis has made of any values."""

    def __init__(self, document: dict[str, Any], found: Sequence[Operation]) -> None:
        self._document = document
        self._operations = {each.name: each for each in found}

    def furnish(self, step: StepInput, scene: Scene) -> None:
        """Change the request of *step*, most of the time; what a link has given stays.

        The same request is changed in the same way, or Hypothesis could not tell a story again.
        """
        dice = Random(f"{step.case.operation.label} {step.case.query} {step.case.body!r}")
        operation = self._operations.get(step.case.operation.label)
        if operation is None or dice.random() > _FURNISHED:
            return
        known = scene.known(operation, dice, dice.randrange(1_000_000))
        sampler = Sampler(self._document, dice, known)
        linked = {place.value for place, _ in step.applied_parameters}
        for parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] == "path" and "path" not in linked:
                value = sampler.value(parameter["schema"], name)
                step.case.path_parameters[name] = quote(str(value), safe="")
            elif parameter["in"] == "query" and "query" not in linked:
                step.case.query.pop(name, None)
        if operation.body is not None and "body" not in linked:
            step.case.body = sampler.value(operation.body)


def _machine(
    base: type[APIStateMachine], gateway: Gateway, furniture: Furniture, report: Report
) -> type[APIStateMachine]:
    class Walk(base):  # type: ignore[valid-type, misc]  # the base is made from the document
        def setup(self) -> None:
            """Begin every scenario in the same world, so that it can be repeated."""
            gateway.scene = made(gateway.scene.rig)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {gateway.scene.tokens[ADMIN]}"}}

        def validate_response(self, response: Any, case: Any, *more: Any, **known: Any) -> None:
            try:
                super().validate_response(response, case, *more, **known)
            except FailureGroup as group:  # noted, so that the walk goes on
                for failure in group.exceptions:
                    report.note(case, failure)

        def step(self, input: StepInput) -> StepOutput:
            furniture.furnish(input, gateway.scene)
            output: StepOutput = super().step(input)
            status = output.response.status_code
            report.statuses[status] += 1
            if input.transition is not None and input.is_applied:
                report.walked[input.transition.id] += 1
                if status < 400:
                    report.fruitful[input.transition.id] += 1
            gateway.scene.deliver()
            return output

    return Walk


@guarded
def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when anything failed or no link was walked."""
    parser = Parser(prog="python -m tools.lab.fuzz.stateful", description=__doc__)
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
