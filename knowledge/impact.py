"""What a newer edition of a document does to the claims, and to the rules and texts that rest on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.citations import User
from knowledge.claim import Claim, Document
from knowledge.edition import Edition, Place
from knowledge.figures import stands_in
from knowledge.passages import fingerprint

VANISHED_BELOW = 0.5


class Fate(StrEnum):
    UNCHANGED = "unchanged"  # the same lines, the same hash
    MOVED = "moved"  # the same words at other lines or broken differently: only lines and hash need renewing
    CHANGED = "changed"  # something like it: to be read again
    VANISHED = "vanished"  # nothing like it
    NOT_FOUND = "not found"  # changed or vanished; only the older text could tell which


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one claim. `now` and `passage` are the lines and hash to write into claims.toml if the claim
    still holds; `gone` names its figures that no longer stand there."""

    claim: str
    fate: Fate
    was: tuple[int, int]
    now: tuple[int, int] | None
    passage: str | None
    similarity: float | None
    gone: tuple[str, ...]
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    document: str
    sha256: str
    lines: int
    findings: tuple[Finding, ...]

    def of(self, *fates: Fate) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.fate in fates)

    @property
    def users(self) -> tuple[User, ...]:
        """Everything that rests on a claim that must be read again."""
        touched = self.of(Fate.CHANGED, Fate.VANISHED, Fate.NOT_FOUND)
        return tuple(sorted({user for finding in touched for user in finding.users}))


def impact(document: Document, newer: str, users: Mapping[str, tuple[User, ...]], older: str | None = None) -> Impact:
    """Looks for the passage of every claim in the newer edition.

    `older` is the text the claims were written from. Claims hold only the hash of their passage, so without it a
    passage is found again only where its lines are the same to the letter, and what is not found is NOT_FOUND.
    Raises ValueError if `older` is not the edition that `document` describes.
    """
    if older is not None and fingerprint(older) != document.sha256:
        raise ValueError(
            f"{document.id}: the older text is not the edition the claims were written from "
            f"(sha256 {fingerprint(older)[:12]}…, expected {document.sha256[:12]}…). Give the file {document.file} "
            "as it was, or leave it out."
        )
    edition = Edition(newer)
    before = Edition(older) if older is not None else None
    findings: list[Finding] = []
    shift = 0
    for claim in sorted(document.claims, key=lambda claim: claim.lines):
        finding = _finding(claim, edition, before, shift, users.get(claim.id, ()))
        if finding.now and finding.fate in (Fate.UNCHANGED, Fate.MOVED):
            shift = finding.now[0] - finding.was[0]
        findings.append(finding)
    findings.sort(key=lambda finding: finding.claim)
    return Impact(document.id, fingerprint(newer), len(edition.lines), tuple(findings))


def _finding(claim: Claim, edition: Edition, before: Edition | None, shift: int, users: tuple[User, ...]) -> Finding:
    first, last = claim.lines
    similarity: float | None = 1.0
    now = edition.by_hash(claim.passage, last - first + 1, first + shift)
    fate = Fate.UNCHANGED if now == claim.lines else Fate.MOVED
    if now is None and before is None:
        return Finding(claim.id, Fate.NOT_FOUND, claim.lines, None, None, None, (), users)
    if now is None and before is not None:
        words = before.words_at(first, last)
        now = edition.by_words(words, first + shift)
        if now is None:
            place = _successor(claim, words, edition, before)
            similarity = place.similarity if place else 0.0
            fate, now = (Fate.CHANGED, place.lines) if place else (Fate.VANISHED, None)
    text = edition.passage(*now) if now else ""
    gone = tuple(figure for figure in claim.figures if not stands_in(figure, text))
    return Finding(claim.id, fate, claim.lines, now, fingerprint(text) if now else None, similarity, gone, users)


def _successor(claim: Claim, words: tuple[str, ...], edition: Edition, before: Edition) -> Place | None:
    """The stretch that took the passage's place. One that stood elsewhere in the older text already is no successor:
    documents repeat themselves, and what is left of a removed passage is often its twin."""
    first, last = claim.lines
    for place in edition.closest(words):
        if place.similarity < VANISHED_BELOW:
            return None
        twins = [lines for lines in before.places_of(place.words) if lines[0] > last or lines[1] < first]
        if len(edition.places_of(place.words)) > len(twins):
            return place
    return None
