"""Flags of a container: the product's own, on a store that goes by virtual time."""

import json
from typing import Any

from aws_lambda_powertools.utilities.feature_flags.base import StoreProvider
from aws_lambda_powertools.utilities.feature_flags.exceptions import StoreClientError
from botocore.exceptions import BotoCoreError, ClientError

from tools.lab.simulation.world import virtual
from tools.lab.simulation.world.state import state


class Store(StoreProvider):
    """Powertools' `AppConfigStore`, whose cache goes by the machine's own clock."""

    def __init__(self, client: Any, *, max_age: float) -> None:
        self._client = client
        self._max_age = max_age
        self._token = ""
        self._known: dict[str, Any] = {}
        self._stale_at = float("-inf")

    @property
    def get_raw_configuration(self) -> dict[str, Any]:
        """Return the document, `max_age` seconds old at most."""
        if virtual.monotonic() >= self._stale_at:
            try:
                self._ask()
            except (ClientError, BotoCoreError) as error:
                if state.world is not None:
                    state.world.configurations.unread = True
                raise StoreClientError("flags could not be read") from error
        return self._known

    def get_configuration(self) -> dict[str, Any]:
        """Return the document."""
        return self.get_raw_configuration

    def _ask(self) -> None:
        token, self._token = self._token, ""
        if not token:
            session = self._client.start_configuration_session(
                ApplicationIdentifier="flags",
                EnvironmentIdentifier="live",
                ConfigurationProfileIdentifier="flags",
            )
            token = session["InitialConfigurationToken"]
        answer = self._client.get_latest_configuration(ConfigurationToken=token)
        content = answer["Configuration"].read()
        if content:
            self._known = json.loads(content)
        self._token = answer["NextPollConfigurationToken"]
        self._stale_at = virtual.monotonic() + self._max_age


def stored_flags() -> Any:
    """Return the flags of a container that asks AppConfig, put together as the product does."""
    from shared.kernel.clock import SystemClock  # noqa: PLC0415  # bound to virtual time by now
    from shared.platform.aws.clients import impatient_client  # noqa: PLC0415  # as above
    from shared.platform.flags.flags import StoredFlags  # noqa: PLC0415  # as above
    from shared.platform.flags.stores import MAX_AGE_SECONDS, ForgivingStore  # noqa: PLC0415

    client = impatient_client("appconfigdata", seconds=1.0)
    return StoredFlags(ForgivingStore(Store(client, max_age=MAX_AGE_SECONDS)), SystemClock())
