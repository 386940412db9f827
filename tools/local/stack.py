"""The local stack as one object: start it, use it, stop it.

>>> with LocalStack(Options(port=0, front_port=0)) as stack:
...     stack.base_url
"""

import os
from collections.abc import Collection
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from tools.local.access import StackAccess
from tools.local.after_deploy import apply_missing_settings
from tools.local.behaviours import read_behaviours
from tools.local.bundle import Bundle
from tools.local.cloudformation import deploy, upload
from tools.local.deployed import by_context, nested_stacks, root_stack
from tools.local.description import Description, read_description
from tools.local.edge import Edge, read_edge
from tools.local.emulator import Emulator
from tools.local.errors import EmulatorFailed, LocalStackError, NotAnswering, NotRunning
from tools.local.front_door import FrontDoor
from tools.local.gateway_errors import Throttle, read_throttle
from tools.local.options import LOOPBACK, Options
from tools.local.persistence import restore_tables, save_tables
from tools.local.ports import is_open, settle_port
from tools.local.reporter import Reporter
from tools.local.selection import contexts_of, select_services
from tools.local.templates import Template, load_template

if TYPE_CHECKING:
    from typing import Self


class LocalStack(StackAccess):
    """The whole system on this machine: emulator, deployed services, front door.

    Entering starts it, which raises a `LocalStackError` that says what to do; leaving stops
    everything that was started.
    """

    def __init__(self, options: Options | None = None, reporter: Reporter | None = None) -> None:
        self.options = options or Options()
        self._report = reporter or Reporter()
        self._emulator: Emulator | None = None
        self._front_door: FrontDoor | None = None
        super().__init__(Description())

    def __enter__(self) -> "Self":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the emulator, deploy the templates as they stand, open the front door."""
        options, report = self.options, self._report
        self._refuse_second_start()
        port = settle_port(options.port, purpose="AWS endpoint", flag="--port")
        front_port = settle_port(options.front_port, purpose="front door", flag="--front-port")
        emulator = self._emulator = Emulator(options, port)
        emulator.start()
        with report.step("Package functions and translate templates"):
            bundle = Bundle(options.project_root, options.cache_dir)
            root = load_template(options.project_root / "template.yaml")
            if options.services:
                root = select_services(root, options.services)
            contexts = contexts_of(root)
            root_key = bundle.add(root, options.project_root)
        with report.step("Start MiniStack"):
            emulator.wait_until_ready()
        self.description = Description(
            endpoint=emulator.endpoint,
            access_key_id=emulator.access_key_id,
            secret_access_key=emulator.secret_access_key,
        )
        with report.step(f"Deploy {len(bundle.templates)} stacks"):
            report.detail("uploading")
            upload(self.client("s3"), bundle)
            deploy(
                self.client("cloudformation"),
                root_key,
                options.parameters,
                lambda resource, status: report.detail(f"{resource} {status}"),
            )
        with report.step("Apply settings and open the front door"):
            self._complete(bundle.stacks(root_key), contexts)
            self._open_front_door(front_port, port)
        self.description = replace(
            self.description,
            base_url=f"http://{LOOPBACK}:{front_port}",
            log_dir=str(options.log_dir),
            pids={"run": os.getpid(), "emulator": emulator.pid},
        )
        self.description.write(options.description_file)

    def check(self) -> None:
        """Return while all is well; `EmulatorFailed` once the emulator has died."""
        if self._emulator:
            self._emulator.check()

    def stop(self) -> None:
        """Stop the front door, the emulator and its workers; remove the description."""
        try:
            if self._front_door:
                self._front_door.stop()
                self._front_door = None
                if self.options.persist and not self._is_dead():
                    save_tables(self, self.options.data_dir)
        finally:
            self.close()
            if self._emulator:
                self._emulator.stop()
                self._emulator = None
                self.options.description_file.unlink(missing_ok=True)

    def _is_dead(self) -> bool:
        try:
            self.check()
        except EmulatorFailed:
            return True
        return False

    def _refuse_second_start(self) -> None:
        try:
            running = read_description(self.options.description_file)
        except NotRunning:
            return
        raise LocalStackError(
            f"A local stack already runs here: {running.base_url} "
            f"(process {running.pids['run']}). Stop it with Ctrl-C first."
        )

    def _complete(self, templates: dict[str, Template], contexts: dict[str, str]) -> None:
        """Read back what was deployed and set what CloudFormation left out."""
        cloudformation = self.client("cloudformation")
        stacks = nested_stacks(cloudformation)
        services = by_context(stacks, contexts)
        outputs = root_stack(cloudformation).outputs
        self.description = replace(self.description, services=services, outputs=outputs)
        for logical_id, stack in stacks.items():
            apply_missing_settings(self.client, templates[logical_id], stack)
        if self.options.persist:
            restore_tables(self, self.options.data_dir)

    def _open_front_door(self, port: int, emulator_port: int) -> None:
        answer = self.client("cloudfront").get_distribution_config(Id=self.outputs["FrontDoorId"])
        distribution = cast("dict[str, Any]", answer["DistributionConfig"])
        behaviours = read_behaviours(distribution)
        self._front_door = FrontDoor(
            port,
            emulator_port,
            behaviours,
            self._edge(distribution),
            self._throttles({each.api_id for each in behaviours}),
        )
        self._front_door.start()

    def _throttles(self, apis: Collection[str]) -> dict[str, Throttle]:
        """Read what the stage of each API lets in."""
        client = self.client("apigatewayv2")
        stages = {each: client.get_stages(ApiId=each)["Items"] for each in apis}
        found = {each: read_throttle(stage) for each, (stage,) in stages.items()}
        return {each: throttle for each, throttle in found.items() if throttle is not None}

    def _edge(self, distribution: dict[str, Any]) -> Edge:
        """Read what the distribution refers to."""
        cloudfront, firewall = self.client("cloudfront"), self.client("wafv2")
        default, acl = distribution["DefaultCacheBehavior"], None
        caching = cloudfront.get_cache_policy(Id=default["CachePolicyId"])["CachePolicy"]
        sent = cloudfront.get_response_headers_policy(Id=default["ResponseHeadersPolicyId"])
        for each in firewall.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]:
            if each["ARN"] == distribution.get("WebACLId"):
                named = {"Name": each["Name"], "Scope": "CLOUDFRONT", "Id": each["Id"]}
                acl = firewall.get_web_acl(**named)["WebACL"]
        return read_edge(
            distribution,
            cache_policy=caching["CachePolicyConfig"],
            headers_policy=sent["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"],
            acl=acl,
        )


def attach(options: Options | None = None) -> StackAccess:
    """Return access to the stack another process runs; `NotRunning` if there is none."""
    found = read_description((options or Options()).description_file)
    if not is_open(found.endpoint):
        raise NotAnswering(
            f"The local stack's emulator does not answer at {found.endpoint}, though process "
            f"{found.pids['run']} is still there. Stop that with Ctrl-C, or `kill "
            f"{found.pids['run']}`, and start again with: make run"
        )
    return StackAccess(found)
