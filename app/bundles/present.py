"""What a Bundle tells of each list of one patient: all, a part, or nothing.

What there is of a list counts as all there is, unless a page is missing or the caller says otherwise; a list of which there
is nothing was not told, unless an empty search or the caller says that there is none.
"""

from collections.abc import Iterable, Mapping, Sequence

from app.bundles.searches import Search
from app.errors import DataNotTold, Issue
from app.intake.elements import Json
from app.intake.lists import LIST_OF
from app.intake.record import Located
from app.told import NAMES, TEMPLATES, Prefetch
from cds_hooks.prefetch import State


class Present(Prefetch):
    """Stands where the prefetch of a hook call does. `complete` are the lists that the caller says are whole; None: nothing
    was said."""

    def __init__(
        self,
        resources: Sequence[Located],
        patient_id: str,
        searches: Iterable[Search],
        complete: frozenset[str] | None,
    ) -> None:
        super().__init__({})
        self.resources = list(resources)
        there = {LIST_OF[kind] for _, resource in resources if (kind := _kind(resource)) in LIST_OF}
        searched: dict[str, State] = {}
        for search in searches:
            if search.patient_id is None or search.patient_id == patient_id:
                state = State.INCOMPLETE if search.narrowed and search.state is State.WHOLE else search.state
                searched[search.name] = _better(searched.get(search.name), state)
        self.states = {key: _state(key, there, searched, complete) for key in TEMPLATES}

    def refusal(self, keys: Iterable[str]) -> DataNotTold:
        """What names the lists without which nothing can be judged, each also as `expression`."""
        return DataNotTold(*(Issue("required", self._why_not(key), key) for key in keys))

    def _why_not(self, key: str) -> str:
        how = "is told in part only" if self.states[key] is State.INCOMPLETE else "is not told"
        return (
            f"Without {NAMES[key]} this patient cannot be judged, and the list {how}. Put it into the Bundle, or name it in "
            f"`complete` ({key}) where there is none."
        )


def _state(key: str, there: set[str], searched: Mapping[str, State], complete: frozenset[str] | None) -> State:
    if complete is not None and key in complete:
        return State.WHOLE
    if complete is not None and key in there and key != "patient":
        return State.INCOMPLETE
    if key in searched:
        return searched[key]
    return State.WHOLE if key in there else State.ABSENT


def _better(one: State | None, other: State) -> State:
    return State.WHOLE if State.WHOLE in (one, other) else other


def _kind(resource: Json) -> str:
    return str(resource.get("resourceType"))
