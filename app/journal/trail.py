"""What a call leaves behind while it is being answered, also where it ends in a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.holding import Held
from knowledge.facts import Facts, Gap
from knowledge.outcome import Judgement


@dataclass(slots=True)
class Trail:
    """Filled in as it goes: what was fetched, the facts, the judgements with their criteria, what could not be judged, and
    what was held back. `fetched` says of each prefetch key that was asked for at the client's FHIR server what came of it."""

    judgements: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()
    fetched: Mapping[str, str] = field(default_factory=dict)
    held: Held = field(default_factory=dict)
    facts: Facts | None = None
