"""Where every claim went: read from coverage.toml, rendered as COVERAGE.md, held against the rules that exist."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.citations import User
from knowledge.claim import Claim, Document
from knowledge.claims import ClaimsError, all_claims
from knowledge.strict_toml import Table, read_toml

COVERAGE = Path(__file__).parent / "coverage.toml"


class Place(StrEnum):
    RULE = "rule"
    TEXT = "text"
    PARTLY = "partly"
    BACKGROUND = "background"
    DELIBERATELY_NOT = "deliberately-not"


MEANING = {
    Place.RULE: "a rule, the planner or the medicine data decides by it",
    Place.TEXT: "said on a card, a page or a leaflet; nothing is decided by it",
    Place.PARTLY: "some of it is done; the reason says what is not",
    Place.BACKGROUND: "listed on the evidence page, or kept in the data; nothing is said or decided by it",
    Place.DELIBERATELY_NOT: "could have been done and is not; the reason says why",
}


@dataclass(frozen=True, slots=True)
class Covered:
    """`where` names rule ids and other places ("evidence page", "leaflet", "medicines", "taper planner")."""

    claim: str
    place: Place
    where: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """`rules` are the rule ids that `where` may name, whether or not their folder exists yet."""

    rules: tuple[str, ...]
    entries: Mapping[str, Covered]


def load_coverage(documents: Iterable[Document], path: Path = COVERAGE) -> Coverage:
    """Raises ClaimsError, with every fault found, for a claim without an entry, an entry without a claim, a place or
    a `where` that is not known, and whatever else is not as it should be."""
    faults: list[str] = []
    table = Table(read_toml(path, path.name, faults) or {}, path.name, faults)
    places = Table(table.anything("places"), f"{path.name}, places", faults)
    rules, others = places.texts("rules"), places.texts("others")
    places.close()
    values = table.anything("claims")
    table.close()
    entries = {
        claim_id: _covered(claim_id, value, frozenset((*rules, *others)), path.name, faults)
        for claim_id, value in (values.items() if isinstance(values, dict) else ())
    }
    known = all_claims(documents)
    faults += [
        f"{path.name}: {claim_id} has no entry. Add [claims.{claim_id}] with place, where and reason."
        for claim_id in known
        if claim_id not in entries
    ]
    faults += [
        f"{path.name}, {claim_id}: no document makes this claim. Correct the id or remove the entry."
        for claim_id in entries
        if claim_id not in known
    ]
    if faults:
        raise ClaimsError(faults)
    return Coverage(rules, entries)


def disagreements(coverage: Coverage, users: Mapping[str, tuple[User, ...]]) -> tuple[str, ...]:
    """Where coverage and the rules that exist differ, as sentences.

    A rule that cites a claim must be among its places; a claim that is placed at a rule as "rule" or "partly" must be
    cited by it. `users` is what `users_of_claims` found; a rule that cites nothing is taken not to exist yet.
    """
    cited = {(claim_id, user.name) for claim_id, found in users.items() for user in found if user.kind == "rule"}
    existing = {rule for _, rule in cited}
    found = [
        f"{rule} cites {claim_id}, coverage.toml does not place it there. Add '{rule}' to its where."
        for claim_id, rule in sorted(cited)
        if claim_id in coverage.entries and rule not in coverage.entries[claim_id].where
    ]
    for entry in coverage.entries.values():
        if entry.place not in (Place.RULE, Place.PARTLY):
            continue
        found += [
            f"{entry.claim} is placed at {rule}, whose rule.toml does not cite it. Cite it, or change its place."
            for rule in entry.where
            if rule in existing and (entry.claim, rule) not in cited
        ]
    return tuple(found)


def render(documents: Iterable[Document], coverage: Coverage) -> str:
    """COVERAGE.md."""
    documents = tuple(documents)
    parts = [
        "# Where every claim went",
        "Rendered from `documents/*/claims.toml` and `coverage.toml` by `knowledge/coverage.py`; change those.",
        "\n".join(f"- **{place}**: {MEANING[place]}" for place in Place),
        _counts(documents, coverage),
        *(_document(document, coverage) for document in documents),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _covered(claim_id: str, values: object, known: frozenset[str], file: str, faults: list[str]) -> Covered:
    table = Table(values, f"{file}, {claim_id}", faults)
    place = table.one_of("place", [place.value for place in Place])
    where, reason = table.texts("where"), table.text("reason")
    table.close()
    if not where:
        table.fault("'where' names no place", "Name a rule, or 'evidence page' where it is only listed.")
    for name in where:
        if name not in known:
            table.fault(f"'{name}' is no place", "Write a rule id or another place named under [places].")
    return Covered(claim_id, Place(place) if place in list(Place) else Place.BACKGROUND, where, reason)


def _counts(documents: tuple[Document, ...], coverage: Coverage) -> str:
    rows = ["| document | " + " | ".join(Place) + " | claims |", "|---" * (len(Place) + 2) + "|"]
    total: Counter[Place] = Counter()
    for document in documents:
        counted = Counter(coverage.entries[claim.id].place for claim in document.claims)
        total += counted
        rows.append(_row(document.cite, *(str(counted[place]) for place in Place), str(len(document.claims))))
    rows.append(_row("all", *(str(total[place]) for place in Place), str(total.total())))
    return "\n".join(rows)


def _document(document: Document, coverage: Coverage) -> str:
    rows = ["| claim | lines | what the document says | place | where | why |", "|---|---|---|---|---|---|"]
    for claim in document.claims:
        entry = coverage.entries[claim.id]
        first, last = claim.lines
        lines = str(first) if first == last else f"{first}-{last}"
        rows.append(_row(claim.id, lines, claim.statement, entry.place, ", ".join(entry.where), entry.reason))
    parts = [f"## {document.cite}", f"*{document.title}* ({document.id}, {document.date})"]
    return "\n\n".join([*parts, *_numbered(document, coverage), "\n".join(rows)])


def _numbered(document: Document, coverage: Coverage) -> list[str]:
    """An index of what the document numbers itself: its recommendations, its tables."""
    grouped: dict[tuple[str, int], list[Claim]] = {}
    for claim in document.claims:
        if match := re.match(r"(Recommendation|Tabel) (\d+)\b", claim.section):
            grouped.setdefault((match[1], int(match[2])), []).append(claim)
    if not grouped:
        return []
    rows = ["| number in the document | claims | place |", "|---|---|---|"]
    for (kind, number), claims in sorted(grouped.items()):
        places = sorted({str(coverage.entries[claim.id].place) for claim in claims})
        ids = claims[0].id if len(claims) == 1 else f"{claims[0].id} … {claims[-1].id}"
        rows.append(_row(f"{kind} {number}", ids, ", ".join(places)))
    return ["\n".join(rows)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(re.sub(r"([|<*_])", r"\\\1", cell) for cell in cells) + " |"
