"""What a client gets: the site's settings for it, held against the knowledge base once at start."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.settings.client import Client
from cds_hooks.hooks import HOOKS
from knowledge.library import Library
from knowledge.rule import Rule
from knowledge.site import with_icd10

OPEN = "open"  # the client of a service that has no clients registered


@dataclass(frozen=True)
class Terms:
    """One client's. `library` reads its codes as it means them; `off` rules are left out of its answers and of the journal,
    `shadow` rules are judged and counted, and not shown."""

    library: Library
    client: Client | None = None
    off: frozenset[str] = frozenset()
    shadow: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name in journal and log."""
        return self.client.name if self.client else OPEN

    @property
    def hooks(self) -> tuple[str, ...]:
        """The services it sees."""
        return (self.client.hooks if self.client else ()) or tuple(HOOKS)

    @property
    def country(self) -> str | None:
        """Of a patient whose record gives none."""
        return self.client.country if self.client else None

    @property
    def missing_as_card(self) -> bool:
        """Whether it gets a card where others get 412."""
        return self.client is not None and self.client.missing == "card"

    @property
    def version(self) -> str:
        """The version of CDS Hooks it is answered in."""
        return self.client.cds_hooks if self.client else "2.0"

    @property
    def takes_system_actions(self) -> bool:
        """Whether its site agreed on them."""
        return self.client is not None and self.client.system_actions

    @property
    def taper(self) -> str:
        """What its cards carry of a taper plan: "steps", "link" or "none"."""
        return self.client.taper if self.client else "steps"

    def language(self, default: str) -> str:
        """Where a call asks for none."""
        return (self.client.language if self.client else None) or default


def terms_of(library: Library, clients: Iterable[Client]) -> dict[str, Terms]:
    """The terms of every client by its name, and those of a service without clients."""
    found = {OPEN: Terms(library)}
    for client in clients:
        modes = {rule.id: _mode(rule, client) for rule in library.rules}
        found[client.name] = Terms(
            with_icd10(library, client.icd10) if client.icd10 else library,
            client,
            frozenset(rule for rule, mode in modes.items() if mode == "off"),
            frozenset(rule for rule, mode in modes.items() if mode == "shadow"),
        )
    return found


def _mode(rule: Rule, client: Client) -> str:
    """What the site says of this rule, else of all that nobody has reviewed (DESIGN §3, decision 11)."""
    told = dict(client.rules).get(rule.id)
    if told:
        return told
    return "shadow" if rule.review.status == "unreviewed" and client.unreviewed == "shadow" else "active"
