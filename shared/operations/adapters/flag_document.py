"""The flags as the document that Powertools' feature flags evaluate, rule by rule."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.clock import to_iso
from shared.operations.domain.flag import WHOLE, FlagSetting
from shared.platform.flags.buckets import BUCKETS, bucket_key


def document_of(settings: Mapping[str, FlagSetting]) -> dict[str, Any]:
    """Return the document for *settings*, by the flags' names."""
    return {name: _feature(name, setting) for name, setting in sorted(settings.items())}


def _feature(name: str, setting: FlagSetting) -> dict[str, Any]:
    """Return one flag in Powertools' schema: the first rule that matches decides."""
    rules: dict[str, Any] = {}
    if setting.users_off:
        off = list(setting.users_off)
        rules["users off"] = _rule("KEY_IN_VALUE", "user_id", off, on=False)
    if setting.users_on:
        rules["users on"] = _rule("KEY_IN_VALUE", "user_id", list(setting.users_on))
    if setting.starts_at:
        start = to_iso(setting.starts_at)
        rules["not yet"] = _rule("KEY_LESS_THAN_VALUE", "now", start, on=False)
    if setting.ends_at:
        end = to_iso(setting.ends_at)
        rules["over"] = _rule("KEY_GREATER_THAN_OR_EQUAL_VALUE", "now", end, on=False)
    if setting.roles_on:
        rules["roles on"] = _rule("KEY_IN_VALUE", "role", list(setting.roles_on))
    if setting.share:
        last = setting.share * BUCKETS // WHOLE - 1
        span = {"BASE": BUCKETS, "START": 0, "END": last}
        rules["share of users"] = _rule("MODULO_RANGE", bucket_key(name), span)
    return {"default": setting.enabled, **({"rules": rules} if rules else {})}


def _rule(action: str, key: str, value: Any, *, on: bool = True) -> dict[str, Any]:
    condition = {"action": action, "key": key, "value": value}
    return {"when_match": on, "conditions": [condition]}
