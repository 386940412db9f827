"""Flags: set by an event, published as one document, read by every function for itself."""

from tools.lab.simulation.mutants.mutant import Edit, Mutant, mutant

_APPCONFIG = "shared/operations/adapters/appconfig.py"
_DOCUMENT = "shared/operations/adapters/flag_document.py"
_STORES = "shared/platform/flags/stores.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "flags read once for good",
        "a flag that is switched off goes on in every warm function",
        _STORES,
        "                self._known = self._inner.get_configuration() or self._defaults\n",
        "                self._known = self._inner.get_configuration() or self._defaults\n"
        '                self._again_at = float("inf")\n',
    ),
    mutant(
        "whom it is off for it is on for",
        "somebody who is to get no mails gets them",
        _DOCUMENT,
        'rules["users off"] = _rule("KEY_IN_VALUE", "user_id", off, on=False)',
        'rules["users off"] = _rule("KEY_IN_VALUE", "user_id", off)',
    ),
    Mutant(
        "published over what is newer",
        "of two flags set at once the later one stays as it was",
        (
            Edit(
                _APPCONFIG,
                'locked = {"LatestVersionNumber": after} if after else {}',
                "locked: dict[str, int] = {}",
            ),
            Edit(
                _APPCONFIG,
                "if known[-1:] > [version]:",
                "if not known:",
            ),
        ),
    ),
    mutant(
        "deployment refused, and all is well",
        "a flag is set and never published, since another deployment was under way",
        _APPCONFIG,
        '            raise ExternalServiceError(f"AppConfig: {error}") from error\n'
        "        except BotoCoreError",
        '            if error.response["Error"]["Code"] == "ConflictException":\n'
        "                return {}\n"
        '            raise ExternalServiceError(f"AppConfig: {error}") from error\n'
        "        except BotoCoreError",
    ),
    mutant(
        "customers' mails by the flag of sales",
        "who switches customers' mails off switches nothing, and sales' switch does it",
        "shared/notifications/wiring.py",
        "flag=Flag.CUSTOMER_MAILS",
        "flag=Flag.SALES_ALERTS",
    ),
)
