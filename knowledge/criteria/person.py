"""Questions about the patient."""

from knowledge.criteria.form import Answer, Criterion, Reader, Table
from knowledge.facts import Facts
from knowledge.fault import texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import read_threshold
from knowledge.truth import Truth, of

_PATIENT = frozenset({"patient"})


def _age(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Age in completed years today; a birth date without day or month gives a range."""
    threshold = read_threshold(table["age"], "a", where)

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        ages = facts.patient.age(facts.today)
        if ages is None:
            return Answer(Truth.UNKNOWN, (), "birth-date")
        truth = threshold.judge(*ages)
        return Answer(truth, (facts.patient.reference,), "birth-date" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, needs=_PATIENT, threshold=threshold, unknown=unknown)


def _country(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The patient lives in one of these countries (ISO 3166-1 alpha-2)."""
    wanted = frozenset(texts_of(table, "country", where))

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        if facts.patient.country is None:
            return Answer(Truth.UNKNOWN, (), "country")
        return Answer(of(facts.patient.country in wanted), (facts.patient.reference,))

    return Criterion(text, judge, needs=_PATIENT, unknown=unknown)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {"age": (_age, ()), "country": (_country, ())}
