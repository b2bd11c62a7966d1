"""What came of one patient of a Bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.bundles.entry import Entry
from app.bundles.people import Person
from app.consult import Answer
from app.errors import DataNotTold
from app.journal.trail import Trail


@dataclass(slots=True)
class Judged:
    """`answer` None: nothing could be judged, and `refusal` names what was lacking; without one, judging failed. `read`:
    whether some rule speaks of what was asked, so that the record was read. `drafts` are the orders being written, and
    `asked` says how many were judged; `by_name` are the entries by what Wane calls them. `unclear` are
    requests whose status does not tell whether they are being written."""

    person: Person
    hook: str
    today: date
    drafts: frozenset[Entry]
    by_name: Mapping[str, Entry]
    asked: int
    read: bool
    unclear: Sequence[Entry] = ()
    trail: Trail = field(default_factory=Trail)
    answer: Answer | None = None
    refusal: DataNotTold | None = None

    @property
    def failed(self) -> bool:
        """Whether judging itself went wrong."""
        return self.answer is None and self.refusal is None
