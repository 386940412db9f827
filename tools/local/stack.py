"""The local stack as one object: start it, use it, stop it.

>>> with LocalStack(Options(port=0, front_port=0)) as stack:
...     stack.base_url
"""

import os
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from tools.local.access import StackAccess
from tools.local.after_deploy import apply_missing_settings
from tools.local.behaviours import read_behaviours
from tools.local.bundle import Bundle
from tools.local.cloudformation import deploy, upload
from tools.local.deployed import root_stack, service_stacks
from tools.local.description import Description, read_description
from tools.local.emulator import Emulator
from tools.local.errors import LocalStackError, NotRunning
from tools.local.front_door import FrontDoor
from tools.local.options import ACCOUNT_ID, ADMIN_KEY_ID, ADMIN_SECRET, REGION, Options
from tools.local.persistence import restore_tables, save_tables
from tools.local.ports import settle_port
from tools.local.reporter import Reporter
from tools.local.selection import select_services
from tools.local.templates import load_template

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
        super().__init__(_unknown())

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
            root_key = bundle.add(root, options.project_root)
        with report.step("Start MiniStack"):
            emulator.wait_until_ready()
        self.description = self._describe(emulator, f"http://127.0.0.1:{front_port}")
        with report.step(f"Deploy {len(bundle.templates)} stacks"):
            report.detail("uploading")
            upload(self.client("s3"), bundle)
            deploy(
                self.client("cloudformation"),
                root_key,
                {"Environment": options.environment},
                lambda resource, status: report.detail(f"{resource} {status}"),
            )
        with report.step("Apply settings and open the front door"):
            self._complete(emulator, bundle)
            if options.persist:
                restore_tables(self, options.data_dir)
            self._open(front_port, port)
        self.description.write(options.description_file)

    def stop(self) -> None:
        """Stop the front door, the emulator and its workers; remove the description."""
        try:
            if self._front_door:
                self._front_door.stop()
                self._front_door = None
                if self.options.persist:
                    save_tables(self, self.options.data_dir)
        finally:
            self.close()
            if self._emulator:
                self._emulator.stop()
                self._emulator = None
                self.options.description_file.unlink(missing_ok=True)

    def _refuse_second_start(self) -> None:
        try:
            running = read_description(self.options.description_file)
        except NotRunning:
            return
        raise LocalStackError(
            f"A local stack already runs here: {running.base_url} "
            f"(process {running.pids['run']}). Stop it with Ctrl-C first."
        )

    def _complete(self, emulator: Emulator, bundle: Bundle) -> None:
        """Read back what was deployed and set what CloudFormation left out."""
        cloudformation = self.client("cloudformation")
        services = service_stacks(cloudformation)
        root = root_stack(cloudformation)
        self.description = self._describe(emulator, self.base_url, root.outputs)
        self.description.services.update(services)
        self._root_resources = root.resources
        by_resources = {frozenset(t["Resources"]): t for t in bundle.templates.values()}
        for stack in services.values():
            for resources, template in by_resources.items():
                if set(stack.resources) <= resources:
                    apply_missing_settings(self.client, template, stack)

    def _open(self, front_port: int, emulator_port: int) -> None:
        distribution_id = self._root_resources["FrontDoor"]
        answer = self.client("cloudfront").get_distribution_config(Id=distribution_id)
        behaviours = read_behaviours(cast("dict[str, Any]", answer["DistributionConfig"]))
        self._front_door = FrontDoor(front_port, emulator_port, behaviours)
        self._front_door.start()

    def _describe(
        self, emulator: Emulator, base_url: str, outputs: dict[str, str] | None = None
    ) -> Description:
        return Description(
            base_url=base_url,
            endpoint=emulator.endpoint,
            region=REGION,
            account_id=ACCOUNT_ID,
            access_key_id=ADMIN_KEY_ID,
            secret_access_key=ADMIN_SECRET,
            log_dir=str(self.options.log_dir),
            pids={"run": os.getpid(), "emulator": emulator.pid or 0},
            outputs=outputs or {},
        )


def attach(options: Options | None = None) -> StackAccess:
    """Return access to the stack another process runs; `NotRunning` if there is none."""
    return StackAccess(read_description((options or Options()).description_file))


def _unknown() -> Description:
    return Description(
        base_url="",
        endpoint="",
        region=REGION,
        account_id=ACCOUNT_ID,
        access_key_id=ADMIN_KEY_ID,
        secret_access_key=ADMIN_SECRET,
        log_dir="",
        pids={},
        outputs={},
    )
