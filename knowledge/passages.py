"""Whether the documents still say what the claims rest on: the hash of every passage, and every figure in it.

A passage is the lines `from` to `to` of the document (counted from 1, both included), as they stand in the file,
joined with a single newline and without one at the end, in UTF-8. A file's lines are what stands between its newline
characters; the piece after a closing newline is no line. Nothing else is trimmed or changed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.claim import Claim, Document
from knowledge.figures import stands_in


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a document does not bear out. `claim` is None where it concerns the file as a whole."""

    document: str
    file: str
    claim: str | None
    what: str
    next_step: str

    def __str__(self) -> str:
        about = f"{self.file}, claim {self.claim}" if self.claim else self.file
        return f"{about}: {self.what}. {self.next_step}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was verified. `skipped` says why nothing was; then there are no faults and nothing is proven."""

    claims: int
    figures: int
    faults: tuple[Fault, ...]
    skipped: str | None = None

    @property
    def holds(self) -> bool:
        return not self.faults and self.skipped is None


def lines_of(text: str) -> tuple[str, ...]:
    lines = text.split("\n")
    return tuple(lines[:-1] if lines[-1] == "" else lines)


def passage(lines: tuple[str, ...], first: int, last: int) -> str:
    return "\n".join(lines[first - 1 : last])


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def verify(documents: Iterable[Document], folder: Path) -> Verification:
    """Holds every claim against the document files in `folder`.

    Where the folder does not exist the check is skipped, with the reason; a single file that is missing, unreadable
    or not UTF-8 is a fault. Raises nothing for what a document says or does not say.
    """
    if not folder.is_dir():
        why = f"no folder '{folder.name}' with the document files: passages and figures were not verified"
        return Verification(claims=0, figures=0, faults=(), skipped=why)
    claims = figures = 0
    faults: list[Fault] = []
    for document in documents:
        try:
            raw = (folder / document.file).read_bytes()
            text = raw.decode("utf-8")
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            faults.append(Fault(document.id, document.file, None, what, "Put the file in the folder given."))
            continue
        except UnicodeDecodeError:
            faults.append(Fault(document.id, document.file, None, "is not UTF-8", "Save it as UTF-8."))
            continue
        claims += len(document.claims)
        figures += sum(len(claim.figures) for claim in document.claims)
        faults.extend(_faults(document, raw, lines_of(text)))
    return Verification(claims, figures, tuple(faults))


def _faults(document: Document, raw: bytes, lines: tuple[str, ...]) -> list[Fault]:
    found = [fault for claim in document.claims for fault in _claim_faults(document, claim, lines)]
    whole = hashlib.sha256(raw).hexdigest()
    if whole != document.sha256:
        what = f"the file is not the edition the claims were written from (sha256 {whole[:12]}…)"
        if b"\r\n" in raw:
            what += "; its lines end in CR LF"
        step = f"Run `wane knowledge impact --document {document.id} {document.file}` to see which claims it touches."
        found.insert(0, Fault(document.id, document.file, None, what, step))
    if len(lines) != document.lines:
        what = f"the file has {len(lines)} lines, document.toml says {document.lines}"
        found.insert(0, Fault(document.id, document.file, None, what, "Compare the two."))
    return found


def _claim_faults(document: Document, claim: Claim, lines: tuple[str, ...]) -> list[Fault]:
    first, last = claim.lines
    text = passage(lines, first, last)
    where = f"lines {first}-{last}"
    found = []
    if fingerprint(text) != claim.passage:
        what = f"{where} no longer have the hash of the passage it was written from"
        step = "Read the passage again; then correct the claim, its lines and its hash."
        found.append(Fault(document.id, document.file, claim.id, what, step))
    for figure in claim.figures:
        if not stands_in(figure, text):
            what = f"the figure '{figure}' does not stand in {where}"
            step = "Correct the figure or the lines."
            found.append(Fault(document.id, document.file, claim.id, what, step))
    return found
