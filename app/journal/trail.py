"""What a call leaves behind while it is being answered, also where it ends in a refusal."""

from dataclasses import dataclass

from knowledge.facts import Gap
from knowledge.outcome import Judgement


@dataclass(slots=True)
class Trail:
    """Filled in by `consult` as it goes: the judgements with their criteria, and what could not be judged."""

    judgements: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()
