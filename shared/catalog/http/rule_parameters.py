"""What requests about business rules name."""

from typing import Annotated

from fastapi import Path

from shared.catalog.domain.errors import BusinessRuleNotFound
from shared.catalog.domain.rule import Subject
from shared.kernel.ids import is_id

SubjectPath = Annotated[Subject, Path(description="What the rules are about")]


def known_rule(rule_id: str) -> str:
    """Return *rule_id*; `BusinessRuleNotFound` for what cannot be the id of anything."""
    if not is_id(rule_id):
        raise BusinessRuleNotFound(rule_id)
    return rule_id
