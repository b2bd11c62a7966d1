"""One entry of a Bundle, and what becomes of it."""

from dataclasses import dataclass
from enum import StrEnum

from app.bundles.addresses import plain, server_of
from app.intake.elements import Json


class State(StrEnum):
    """What became of an entry. NOT_RELEVANT: no advice is made from it."""

    USED = "used"
    NOT_RELEVANT = "not-relevant"
    UNREADABLE = "unreadable"


@dataclass(slots=True, eq=False)
class Entry:
    """One entry. `path` is its place, `url` its fullUrl; `resource` None: it holds none. `fault` says why what it holds
    cannot be read. `inside` are the entries of the Bundle it holds."""

    path: str
    url: str
    resource: Json | None
    fault: str | None = None
    inside: "tuple[Entry, ...]" = ()
    state: State = State.NOT_RELEVANT

    @property
    def place(self) -> str:
        """Where its resource lies."""
        return f"{self.path}.resource"

    @property
    def base(self) -> str:
        """The address of the server it comes from, as its fullUrl tells; empty where it does not."""
        return server_of(plain(self.url)) if self.url else ""
