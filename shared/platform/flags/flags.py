"""Asking whether a feature is on, for whom it is on.

    if get_service(FeatureFlags).is_on(Flag.SALES_ALERTS, user_id=order.customer_id): ...

A user who is in a share of users stays in it while the share grows.
"""

import os
from typing import TYPE_CHECKING

from shared.kernel.clock import Clock, SystemClock, to_iso
from shared.platform.flags.buckets import bucket, bucket_key
from shared.platform.flags.names import MEANINGS, Flag
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.feature_flags.base import StoreProvider


class FeatureFlags:
    """Knows how the flags stand: without a store, each at its default."""

    def is_on(self, flag: Flag, *, user_id: str | None = None, role: str | None = None) -> bool:  # noqa: ARG002  # for those with rules
        """Tell whether *flag* is on, for that user and role where they are given."""
        return MEANINGS[flag].default


class StoredFlags(FeatureFlags):
    """Flags by Powertools, from a store; what the store does not know is at its default."""

    def __init__(self, store: "StoreProvider", clock: Clock) -> None:
        from aws_lambda_powertools.utilities.feature_flags import (  # noqa: PLC0415  # 20 ms
            FeatureFlags as PowertoolsFlags,
        )

        self._flags = PowertoolsFlags(store=store)
        self._clock = clock

    def is_on(self, flag: Flag, *, user_id: str | None = None, role: str | None = None) -> bool:
        from aws_lambda_powertools.utilities.feature_flags.exceptions import (  # noqa: PLC0415
            SchemaValidationError,
        )

        context: dict[str, object] = {"now": to_iso(self._clock.now())}
        if user_id is not None:
            context |= {"user_id": user_id, bucket_key(flag): bucket(flag, user_id)}
        if role is not None:
            context["role"] = role
        default = MEANINGS[flag].default
        try:
            return bool(self._flags.evaluate(name=flag.value, context=context, default=default))
        except SchemaValidationError as error:
            self._report(error)
            return default

    def _report(self, error: Exception) -> None:
        from shared.platform.runtime.settings import settings  # noqa: PLC0415
        from shared.platform.telemetry.logging import get_logger  # noqa: PLC0415  # when it is needed
        from shared.platform.telemetry.metrics import MetricUnit, metrics  # noqa: PLC0415

        metrics.add_metric("FlagStoreError", MetricUnit.Count, 1)
        get_logger(settings().service).error("flags are malformed", error=str(error)[:300])


@provides
def feature_flags(_: Services) -> FeatureFlags:
    """Build the flags that the settings name."""
    # A template that was given no configuration names one without any part: "//".
    if not (os.environ.get("FLAGS_APPCONFIG", "").strip("/") or os.environ.get("FLAGS_FILE")):
        return FeatureFlags()
    from shared.platform.flags.stores import FlagSettings, store_of  # noqa: PLC0415  # 20 ms

    store = store_of(load(FlagSettings, os.environ))
    return FeatureFlags() if store is None else StoredFlags(store, SystemClock())
