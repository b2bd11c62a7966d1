"""What a document is, and a claim: one statement of it in our own words, with the lines it stands on.

What a document says is reported also where newer evidence differs: that stands beside it, as `Newer`.
"""

from dataclasses import dataclass

NOT_STATED = "not stated"

KINDS = frozenset(
    {
        "background",
        "caution",
        "decision-not-a-contraindication",
        "diagnostic-criteria",
        "dosing-advice",
        "drug-list",
        "emergency-info",
        "option",
        "patient-info",
        "policy",
        "policy-recommendation",
        "recommendation-against",
        "recommendation-for",
        "referral",
        "requirement",
        "threshold",
        "warning",
    }
)
APPLIES_TO = frozenset(
    {
        "brand",
        "comedication",
        "consensus",
        "country",
        "dose",
        "drug",
        "duration",
        "indication",
        "partners",
        "patient",
        "phase",
        "prevention_level",
        "procedure",
        "risk",
        "route",
        "setting",
        "situation",
        "target_group",
    }
)
HOOKS = frozenset(
    {
        "encounter-discharge",
        "encounter-start",
        "medication-refill",
        "order-select",
        "order-sign",
        "patient-view",
        "problem-list-item-create",
    }
)


@dataclass(frozen=True, slots=True)
class Newer:
    """Evidence that came after a document or differs from it. `checked` is false where it was not verified."""

    id: str
    date: str
    text: str
    source: str
    checked: bool
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A place where a document contradicts itself, or is wrong by its own account."""

    lines: tuple[tuple[int, int], ...]
    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. `lines` count from 1 and include both ends; `passage` is the hash of those lines
    (see `knowledge.passages.fingerprint`). `hooks` and `use` are hints; what is done is in COVERAGE.md."""

    id: str
    document: str
    section: str
    lines: tuple[int, int]
    statement: str
    figures: tuple[str, ...]
    applies_to: tuple[tuple[str, str], ...]
    kind: str
    action: str
    hooks: tuple[str, ...]
    use: str
    note: str | None
    passage: str


@dataclass(frozen=True, slots=True)
class Document:
    """`date` is as exact as it is known ("2015-06"), or NOT_STATED. `cite` is how a card names the document."""

    id: str
    title: str
    cite: str
    publisher: str
    language: str
    date: str
    date_basis: str
    url: str | None
    obtained: str
    file: str
    sha256: str
    lines: int
    superseded_by: str | None
    newer: tuple[Newer, ...]
    issues: tuple[Issue, ...]
    claims: tuple[Claim, ...]

    @property
    def year(self) -> int | None:
        return None if self.date == NOT_STATED else int(self.date[:4])
