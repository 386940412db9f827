"""The outcome of all trials, for the terminal and for the documentation."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from tools.lab.simulation.mutants.catalogue import BY_PART
from tools.lab.simulation.mutants.trial import Verdict

_HEADINGS = ("mutant", "what it breaks", "seeds", "caught by")


def coloured(verdicts: Sequence[Verdict]) -> Table:
    """Return the table for a terminal."""
    table = Table(*_HEADINGS, title="Mutants")
    known = _by_name(verdicts)
    for mutants in BY_PART.values():
        found = [known[each.name] for each in mutants if each.name in known]
        for verdict in found:
            colour = "green" if verdict.caught else "bold red"
            outcome = verdict.rule if verdict.caught else "SURVIVED"
            table.add_row(
                verdict.mutant.name,
                verdict.mutant.breaks,
                str(verdict.seeds),
                f"[{colour}]{outcome}[/]",
            )
        if found:
            table.rows[-1].end_section = True
    return table


def markdown(verdicts: Sequence[Verdict]) -> str:
    """Return the tables for a document, a part of the system each."""
    known = _by_name(verdicts)
    lines: list[str] = []
    for part, mutants in BY_PART.items():
        found = [known[each.name] for each in mutants if each.name in known]
        if not found:
            continue
        lines += [f"**{part.capitalize()}**", "", f"| {' | '.join(_HEADINGS)} |"]
        lines.append("| --- | --- | ---: | --- |")
        for each in found:
            outcome = each.rule if each.caught else "**survived**"
            lines.append(
                f"| {each.mutant.name} | {each.mutant.breaks} | {each.seeds} | {outcome} |"
            )
        lines.append("")
    return "\n".join(lines)


def _by_name(verdicts: Sequence[Verdict]) -> Mapping[str, Verdict]:
    return {verdict.mutant.name: verdict for verdict in verdicts}
