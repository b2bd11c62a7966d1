"""What the call told of each list, and what it did not: the answer that keeps "not told" from reading as "none"."""

import re
from collections.abc import Iterable, Mapping

from app.errors import DataNotTold, Issue
from app.intake.lists import LIST_OF
from app.intake.record import Located
from cds_hooks.prefetch import Prefetched, State, read_prefetch
from knowledge.facts import Told
from knowledge.library import Library

TEMPLATES = {
    "patient": "Patient/{{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}",
    "statements": "MedicationStatement?patient={{context.patientId}}",
    "dispenses": "MedicationDispense?patient={{context.patientId}}",
    "procedures": "Procedure?patient={{context.patientId}}",
    "devices": "Device?patient={{context.patientId}}",
    "encounter": "Encounter/{{context.encounterId}}",
}
TYPE_OF = {key: re.split("[?/]", template, maxsplit=1)[0] for key, template in TEMPLATES.items()}  # FHIR's
_BESIDE = {"medications": ("statements", "dispenses")}  # what a list is read together with
_OF_STATE = {State.WHOLE: Told.WHOLE, State.INCOMPLETE: Told.PART, State.FAILED: Told.NOT, State.ABSENT: Told.NOT}
NAMES = {
    "patient": "the patient's data",
    "conditions": "the problem list",
    "medications": "the medicines in use",
    "statements": "what is said to be taken",
    "dispenses": "what was handed out",
    "procedures": "the procedures",
    "devices": "the devices",
    "encounter": "the present stay",
}


def asked_for(library: Library, hook: str) -> dict[str, str]:
    """The prefetch of a hook's service: the lists that a rule speaking at this hook reads, and no others."""
    needs = {"patient"}.union(*(rule.needs for rule in library.rules if hook in rule.hooks))
    needs |= {beside for need in needs for beside in _BESIDE.get(need, ())}
    return {key: template for key, template in TEMPLATES.items() if key in needs}


class Prefetch:
    """The prefetch of one call: every resource in it, whatever its key, and the state of each list Wane asked for."""

    def __init__(self, prefetch: Mapping[str, object], fetched: Mapping[str, str] | None = None) -> None:
        """`fetched` says of each key that was asked for at the client's FHIR server what came of it, in a word."""
        self._fetched = fetched or {}
        read = {key: read_prefetch(key, prefetch) for key in (*TEMPLATES, *prefetch)}
        self.resources: list[Located] = [item for key in prefetch for item in read[key].resources]
        self._rest = {key: read[key].next for key in TEMPLATES}
        other = {key for key in TEMPLATES if _is_something_else(key, read[key])}
        self.states = {key: State.FAILED if key in other else read[key].state for key in TEMPLATES}
        for key, states in _under_other_keys(read).items():
            if (
                self.states[key] is State.ABSENT or key in other
            ):  # products under `medications`, say, and requests beside
                self.states[key] = State.INCOMPLETE if State.INCOMPLETE in states else State.WHOLE

    def lacking(self, lists: Iterable[str]) -> dict[str, str | None]:
        """The keys among these lists that were left out, or came as a page, each with where the rest of the page is. What
        came as an OperationOutcome was tried already (checklist F3), and so was what came under another key. What a list is
        read together with is lacking with it."""
        found = {key for key in lists if self._is_lacking(key)}
        found |= {beside for key in found for beside in _BESIDE.get(key, ()) if self._is_lacking(beside)}
        return {key: self._rest[key] for key in TEMPLATES if key in found}

    def _is_lacking(self, key: str) -> bool:
        state = self.states[key]
        return state is State.ABSENT or (state is State.INCOMPLETE and self._rest[key] is not None)

    @property
    def told(self) -> dict[str, Told]:
        return {key: _OF_STATE[state] for key, state in self.states.items()}

    def not_whole(self, missing: Iterable[str]) -> list[str]:
        """The keys among `missing` that were not sent whole; anything else missing is a gap."""
        return [key for key in dict.fromkeys(missing) if self.states.get(key, State.WHOLE) is not State.WHOLE]

    def refusal(self, keys: Iterable[str]) -> DataNotTold:
        """The 412 that names these keys.

        CDS Hooks 2.0.1 "Prefetch": a service that lacks what it needs answers 412 (checklist F7).
        """
        return DataNotTold(*(Issue("required", self._why(key), f"prefetch.{key}") for key in keys))

    def _why(self, key: str) -> str:
        match self.states[key]:
            case State.FAILED:
                how = "came as an OperationOutcome, as resources of other types, or as no FHIR at all"
            case State.INCOMPLETE:
                how = "is one page of several, and the rest cannot be fetched"
            case _:
                how = "was not sent and cannot be fetched"
        how += f" ({self._fetched[key]})" if self._fetched.get(key, "whole") != "whole" else ""
        return (
            f"prefetch.{key} {how}. Without {NAMES[key]} this cannot be judged. "
            f"Send it whole ({TEMPLATES[key]}), or null if there is none."
        )


def _is_something_else(key: str, prefetched: Prefetched) -> bool:
    """Whether there are resources, and none of them is what the key asks for: a list under the name of another is not "none"
    of the list it was to be. What is known of medicines may stand under any of their keys."""
    resources = prefetched.resources
    if not resources:
        return False
    wanted = {key, *next(((one, *beside) for one, beside in _BESIDE.items() if key in (one, *beside)), ())}
    return not any(LIST_OF.get(str(one.get("resourceType"))) in wanted for _, one in resources)


def _under_other_keys(read: Mapping[str, Prefetched]) -> dict[str, set[State]]:
    """The states of the lists a client sent under keys of its own, known by what they hold."""
    found: dict[str, set[State]] = {}
    for name, prefetched in read.items():
        for _, resource in prefetched.resources if name not in TEMPLATES else ():
            key = LIST_OF.get(str(resource.get("resourceType")))
            if key:
                found.setdefault(key, set()).add(prefetched.state)
    return found
