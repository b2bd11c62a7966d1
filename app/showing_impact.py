"""`wane knowledge impact`: what to read again after a newer edition of a document, on one page."""

from collections.abc import Mapping

from knowledge.coverage import Covered
from knowledge.impact import Fate, Finding, Impact

_AGAIN = (Fate.CHANGED, Fate.VANISHED, Fate.NOT_FOUND)


def told(impact: Impact, coverage: Mapping[str, Covered]) -> str:
    """How many claims stayed, then each that must be read again, who rests on it and where it is said (`coverage`), then
    the new lines of those that only moved."""
    counts = [f"{len(impact.of(fate))} {fate.value}" for fate in Fate if impact.of(fate)]
    lines = [f"{impact.document}: {len(impact.findings)} claims, {', '.join(counts)}.", f"sha256 {impact.sha256}"]
    if again := impact.of(*_AGAIN):
        lines += ["", "To be read again:"]
        for finding in again:
            lines += [_again(finding), *(f"    {user.kind} {user.name} ({user.file})" for user in finding.users)]
            if (entry := coverage.get(finding.claim)) and entry.where:
                lines += [f"    {entry.place.value}: {', '.join(entry.where)}"]
        rules = sorted({user.name for user in impact.users if user.kind == "rule"})
        lines += ["", f"Rules to look at, each with its texts.toml in four languages: {', '.join(rules) or 'none'}."]
    if moved := impact.of(Fate.MOVED):
        lines += ["", "Only moved (lines and passage to write into claims.toml):"]
        lines += [f"  {each.claim}: lines {_span(each.was)} → {_span(each.now)}, {each.passage}" for each in moved]
    return "\n".join(lines)


def _again(finding: Finding) -> str:
    where = f", now lines {_span(finding.now)}" if finding.now else ""
    gone = f"; no longer there: {', '.join(finding.gone)}" if finding.gone and finding.now else ""
    return f"  {finding.claim} {finding.fate.value} (was lines {_span(finding.was)}{where}{gone})"


def _span(lines: tuple[int, int] | None) -> str:
    return f"{lines[0]}-{lines[1]}" if lines else "none"
