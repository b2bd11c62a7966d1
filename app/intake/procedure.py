"""One Procedure → what was done, or planned and not done (https://hl7.org/fhir/R4/procedure.html)."""

from datetime import date

from app.intake.elements import Json, code_of, day, element, words_of
from app.intake.problem import lists_of_concept
from app.intake.words import lists_in_words
from knowledge.codes import Codes
from knowledge.facts import Procedure

_DONE = ("completed", "in-progress", "unknown", "")
_NOT_DONE = ("not-done", "stopped", "on-hold", "suspended", "aborted")


def read_procedure(resource: Json, reference: str, codes: Codes) -> Procedure | None:
    """A procedure of some list; None for one of no list, or one that was entered in error or only prepared."""
    status = code_of(resource.get("status"))
    lists = frozenset(listed.name for listed in lists_of_concept(resource.get("code"), codes).lists)
    if not lists or status not in (*_DONE, *_NOT_DONE):
        return None
    words = words_of(resource.get("code"))
    return Procedure(
        reference=reference,
        lists=lists,
        done=status in _DONE and resource.get("notPerformed") is not True,
        on=_day(resource),
        removes=any(lists_in_words(said, codes).removed for said in words),
    )


def _day(resource: Json) -> date | None:
    period = element(resource.get("performedPeriod")) or element(resource.get("occurrencePeriod"))
    told = (resource.get("performedDateTime"), resource.get("occurrenceDateTime"), period.get("start"))
    return next((found for value in told if (found := day(value))), None)
