"""Whether an order goes down by itself: several doses after each other, none above the one before."""

from collections.abc import Sequence
from itertools import pairwise

from app.intake.dosage import Phase


def go_down(phases: Sequence[Phase]) -> bool:
    """Whether the last of the doses lies below the first. Doses that cannot be compared tell nothing."""
    doses = [phase.dosage.daily for phase in phases]
    known = [dose for dose in doses if dose]
    if len(known) < 2 or len(known) < len(doses) or len({dose.unit for dose in known}) > 1:
        return False
    highs = [dose.high for dose in known]
    return all(later <= earlier for earlier, later in pairwise(highs)) and highs[-1] < highs[0]
