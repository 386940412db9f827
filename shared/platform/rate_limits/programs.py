"""What programs with API keys may change at most, whatever their owners may by hand."""

from shared.platform.rate_limits.rules import rate_limit

PROGRAMS = (
    rate_limit(
        "120 changes by key a minute per api_key",
        burst=2,
        paths="/api/v*",
        excluded=("/api/v*/orders/*/cancel",),
    ),
)
"""Each key in each service: two minutes' worth may be spent at once, as imports come in heaps.

Who cancels is let through: a program that has run wild must not keep its owner's other programs
from taking back what it has ordered. Reads are not counted: a read must not cost a write.
"""
