"""The payment methods of the sandbox, by what becomes of them. They are tokens, and no cards."""

TIMES_OUT_AFTER_CHARGE = "pm_card_timeoutAfterCharge"
"""The first answer to a charge of this method is lost; the charge is made."""

SUCCEEDS = frozenset({"pm_card_visa", "pm_card_mastercard", TIMES_OUT_AFTER_CHARGE})
"""Payment methods that can be charged."""

DECLINES = frozenset(
    {"pm_card_chargeDeclined", "pm_card_insufficientFunds", "pm_card_processingError"}
)
"""Payment methods that are declined."""
