"""How the gateway's functions are put together."""

# ruff: noqa: PLC0415  # a function loads only the modules that it needs
import os
from typing import TYPE_CHECKING

from shared.platform.services import Services, provides
from shared.platform.settings import load

if TYPE_CHECKING:
    from shared.gateway.queries.check_readiness import CheckReadiness
    from shared.gateway.queries.get_product_details import GetProductDetails


@provides
def check_readiness(_: Services) -> "CheckReadiness":
    from shared.gateway.adapters.aws_checks import GatewaySettings, checks
    from shared.gateway.queries.check_readiness import CheckReadiness

    return CheckReadiness(checks=checks(load(GatewaySettings, os.environ)))


@provides
def get_product_details(_: Services) -> "GetProductDetails":
    from shared.catalog.api import product_sheets
    from shared.gateway.queries.get_product_details import GetProductDetails
    from shared.inventory.api import stock_levels

    return GetProductDetails(sheets=product_sheets(), levels=stock_levels())
