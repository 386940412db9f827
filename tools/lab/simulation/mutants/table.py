"""The outcome of a hunt for the terminal, and of all hunts for the documentation."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from tools.lab.simulation.mutants.catalogue import BY_PART, MUTANTS
from tools.lab.simulation.mutants.ledger import Caught
from tools.lab.simulation.mutants.trial import Verdict

_HEADINGS = ("mutant", "what it breaks", "seed", "caught by")


def coloured(verdicts: Sequence[Verdict]) -> Table:
    """Return the table for a terminal."""
    table = Table(*_HEADINGS, title="Mutants")
    known = {verdict.mutant.name: verdict for verdict in verdicts}
    for mutants in BY_PART.values():
        found = [known[each.name] for each in mutants if each.name in known]
        for verdict in found:
            seed, rule = (verdict.seed, verdict.rule) if verdict.caught else ("", "SURVIVED")
            colour = "green" if verdict.caught else "bold red"
            table.add_row(
                verdict.mutant.name, verdict.mutant.breaks, str(seed), f"[{colour}]{rule}[/]"
            )
        if found:
            table.rows[-1].end_section = True
    return table


def markdown(known: Mapping[str, Caught]) -> str:
    """Return the tables for a document, a part of the system each, below a line that sums up."""
    found = [known[each.name] for each in MUTANTS if each.name in known]
    lines = [_summed_up(found), ""]
    for part, mutants in BY_PART.items():
        rows = [(each, known[each.name]) for each in mutants if each.name in known]
        if not rows:
            continue
        lines += [f"**{part.capitalize()}**", "", f"| {' | '.join(_HEADINGS)} |"]
        lines.append("| --- | --- | ---: | --- |")
        for mutant, row in rows:
            lines.append(f"| {mutant.name} | {mutant.breaks} | {row.seed} | {row.rule} |")
        lines.append("")
    return "\n".join(lines)


def _summed_up(found: Sequence[Caught]) -> str:
    last = max(found, key=lambda each: each.date, default=None)
    if last is None or not last.simulator:
        return "None was hunted since hunts are kept."
    alike = sum(each.simulator == last.simulator for each in found)
    farthest = max(found, key=lambda each: each.seed)
    return (
        f"{alike} of {len(found)} were caught by the newest simulator (`{last.simulator}`, "
        f"{last.date}), the others by earlier ones; the farthest seed is {farthest.seed}, of "
        f"*{farthest.name}*."
    )
