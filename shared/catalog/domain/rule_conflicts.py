"""Two rules that nothing can meet together, at a time when both are in force."""

from collections.abc import Iterable, Mapping
from math import lcm

from shared.catalog.domain.rule import BusinessRule, Evaluator
from shared.catalog.domain.rule_sense import VALUES


def contradicted(
    rule: BusinessRule, others: Iterable[BusinessRule], *, evaluate: Evaluator
) -> list[BusinessRule]:
    """Return those of *others* that nothing can meet together with *rule*.

    Two and two, each of them good in itself; of patterns, and of what a list includes, only values
    that another rule enumerates tell.
    """
    return [
        other
        for other in others
        if _meet(rule, other) and not _can_both_be_met(rule, other, evaluate)
    ]


def _meet(one: BusinessRule, other: BusinessRule) -> bool:
    """Tell whether both are about the same field of some product at some moment."""
    return (
        one.field == other.field
        and _overlap(one.category, other.category)
        and _overlap(one.currency, other.currency)
        and (one.ends_at is None or other.starts_at < one.ends_at)
        and (other.ends_at is None or one.starts_at < other.ends_at)
    )


def _overlap(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _can_both_be_met(one: BusinessRule, other: BusinessRule, evaluate: Evaluator) -> bool:
    for listing, judging in ((one, other), (other, one)):
        if listing.kind == "enum":
            return any(evaluate(judging, value) is None for value in listing.parameters)
    values = VALUES[one.field]
    least, most, step = values.least, values.most, 1
    for rule in (one, other):
        match rule.kind:
            case "range" | "length":
                bounds: Mapping[str, int] = rule.parameters
                least = max(least, bounds.get("min", least))
                most = min(most, bounds.get("max", most))
            case "multiple_of":
                step = lcm(step, rule.parameters)
            case "includes":
                least = max(least, 1)  # of a list: how many entries it has
    return most // step * step >= least
