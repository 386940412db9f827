"""The price list, read from ``prices.toml``."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRICES = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars by service and kind of use; ``as_of`` and ``region`` say whose they are."""

    as_of: str
    region: str
    source: str
    by_service: dict[str, dict[str, float]]

    @classmethod
    def read(cls, path: Path = PRICES) -> "Prices":
        """Return the list in *path*; `ValueError` names a price that is no positive number."""
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        services = {name: table for name, table in data.items() if isinstance(table, dict)}
        for service, table in services.items():
            for kind, price in table.items():
                if not isinstance(price, int | float) or isinstance(price, bool) or price <= 0:
                    msg = f"{path.name}: {service}.{kind} is not a positive number"
                    raise ValueError(msg)
        return cls(data["as_of"], data["region"], data["source"], services)

    def of(self, service: str, kind: str) -> float:
        """Return one price."""
        return self.by_service[service][kind]
