"""The sentences of one card: a rule's texts with the figures of this patient filled in, action first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from string import Formatter

from app.render.figures import Figures
from app.render.unread_doses import unread_doses
from cds_hooks.cards import SUMMARY_LIMIT
from knowledge import duration
from knowledge.advise import course_of
from knowledge.criteria.dose import taken_together
from knowledge.facts import Change, Facts, Gap, Order, Use
from knowledge.library import Library
from knowledge.outcome import Advise, Judgement, RuleOutcome, Subject
from knowledge.rule import INDICATORS, Rule

DETAIL_LIMIT = 900  # characters (DESIGN §2)
ALTERNATIVES = ("acamprosate", "naltrexone", "nalmefene")
# Gaps that stand on a card; the others stand in its extension.
_SHOWN_GAPS = ("conditions", "medications", "patient", "not-taken", "rule-failed")
_HIGH_DOSE = Decimal(20)  # mg of diazepam equivalent a day; no figure is rounded over it
_OF_COURSE = ("duration", "related", "days")  # figures that depend on the rule
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[.?!]\*\*)\s+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One rule that advises on the subject of a card."""

    outcome: RuleOutcome
    advise: Advise


def spoken_by(judgement: Judgement, library: Library) -> list[Spoken]:
    """The rules that advise, the one that leads the card first: more serious, then the rule's priority."""
    advising = [Spoken(item, item.outcome) for item in judgement.outcomes if isinstance(item.outcome, Advise)]
    return sorted(advising, key=lambda s: _rank(s, library))


def _rank(spoken: Spoken, library: Library) -> tuple[int, bool, int]:
    advise = spoken.advise
    return INDICATORS.index(advise.indicator), not advise.leads, library.by_id[spoken.outcome.rule].priority


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for one judgement in one language."""

    library: Library
    facts: Facts
    language: str
    judgement: Judgement
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def figures(self) -> Figures:
        return Figures(self.library.phrases[self.language])

    @property
    def medicine(self) -> str:
        """The medicine's name in this language."""
        return self._name(self.judgement.about.medicine)

    def _name(self, medicine: str) -> str:
        known = self.library.medicines.by_id.get(medicine)
        return known.names[self.language] if known else self.library.phrases[self.language]["card"]["this_medicine"]

    def summary(self, lead: Spoken) -> str:
        """The first summary line whose figures are all known and that fits."""
        said = self.library.texts[lead.outcome.rule].says[self.language, lead.advise.say]
        values = self._values(lead, said.summary)
        lines = [_capitalised(line.format(**values)) for line in said.summary if _fields(line) <= values.keys()]
        return next((line for line in lines if len(line) <= SUMMARY_LIMIT), lines[-1])

    def detail(self, spoken: list[Spoken], gaps: Iterable[Gap], plan: Sequence[str] = ()) -> str:
        """Action, the plan, why, the other rules' sections, notes, what makes it go away, and what is not known. `plan` is
        the same line at several lengths, the longest first.

        Never longer than 900 characters: the least needed sentence is left out whole, and never the action.
        """
        lead, *others = spoken
        texts = self.library.texts[lead.outcome.rule]
        said = texts.says[self.language, lead.advise.say]
        values = self._values(lead, (said.action, said.why, said.gone))
        action = _filled(said.action, values)
        notes = [f"- {note}" for note in self._notes(spoken)]
        sections = [f"- {section}" for other in others if (section := self._section(other))]
        why, close = f"- {_filled(said.why, values)}", self._unreviewed(gaps)
        fuller = [
            (why, sections, notes, f"{_filled(said.gone, values)} {close}"),
            (why, sections, notes, close),
            (f"- {_filled(_first_sentence(said.why), values)}", sections, notes, close),
            *(("", sections, notes[:kept], close) for kept in range(len(notes), -1, -1)),
            *(("", sections[:kept], [], close) for kept in range(len(sections) - 1, -1, -1)),
        ]
        carried = [(f"- {line}", fuller[:3]) for line in plan]
        carried += [(f"- {plan[-1]}", fuller[3 : 4 + len(notes)])] if plan else []
        details = (
            _joined(action, why, [*([line] if line else []), *sections, *notes], close)
            for line, bodies in [*carried, ("", fuller)]
            for why, sections, notes, close in bodies
        )
        return next((detail for detail in details if len(detail) <= DETAIL_LIMIT), action)

    def _notes(self, spoken: list[Spoken]) -> Iterable[str]:
        """The notes of the rule that leads, then those of the others that stand on every card."""
        for place, item in enumerate(spoken):
            texts, rule = self.library.texts[item.outcome.rule], self.library.by_id[item.outcome.rule]
            everywhere = {note.name for note in rule.notes if note.everywhere}
            for note in item.advise.notes:
                if not place or note in everywhere:
                    yield texts.notes[self.language, note]

    def _section(self, other: Spoken) -> str | None:
        said = self.library.texts[other.outcome.rule].says[self.language, other.advise.say]
        values = self._values(other, (said.section, said.action))
        return _filled(said.section if _fields(said.section) <= values.keys() else said.action, values)

    def _unreviewed(self, gaps: Iterable[Gap]) -> str:
        phrases = self.library.phrases[self.language]
        missing = [gap.missing for gap in gaps if gap.missing in _SHOWN_GAPS]
        told = [phrases["gap"][name] for name in dict.fromkeys(missing)]
        for phrase, unread in zip(("dose_of", "dose_until_now"), self._unread, strict=True):
            names = [self._name(name) for name in dict.fromkeys(unread)]
            told += [phrases["card"][phrase].format(medicines=self.figures.named(names))] if names else []
        not_known = " " + phrases["card"]["not_known"].format(gaps=", ".join(told)) if told else ""
        return phrases["card"]["unreviewed"] + not_known

    @property
    def _unread(self) -> tuple[list[str], list[str]]:
        return unread_doses(self.judgement, self.facts, self.library.medicines)

    def _values(self, spoken: Spoken, texts: Iterable[str]) -> Mapping[str, str]:
        """The figures these texts may hold, as far as they are known: each worked out once for a card."""
        rule = self.library.by_id[spoken.outcome.rule]
        names: frozenset[str] = frozenset().union(*map(_fields, texts))
        return {name: value for name in names if (value := self._figure(name, rule))}

    def _figure(self, name: str, rule: Rule) -> str | None:
        key = (name, rule.id if name in _OF_COURSE else "")
        if key not in self._known:
            self._known[key] = self._length(name, rule) if name in _OF_COURSE else self._worked_out(name)
        return self._known[key]

    def _length(self, name: str, rule: Rule) -> str | None:
        """How long it is used: `duration` by itself, `related` together with the ones before it, `days` either way."""
        about, today = self.judgement.about, self.facts.today
        course = course_of(rule, about, self.facts, self.library.medicines)
        if name == "days":
            return self.figures.course(course, today, at_least=1)
        own = tuple(use for use in course if use.medicine == about.medicine)
        alone = duration.continuous(own, today) == duration.continuous(course, today)
        return self.figures.course(course, today, at_least=90) if alone == (name == "duration") else None

    def _worked_out(self, name: str) -> str | None:
        dosage = self.judgement.about.dosage
        match name:
            case "medicine":
                return self.medicine
            case "dose":
                return self.figures.dose(dosage.daily)
            case "ceiling":
                most = dosage.ceiling
                return self.figures.mg_a_day(most.value) if most and most.unit == "mg" else None
            case "alternatives":
                return self._alternatives()
            case "others":
                return self._others()
            case "equivalent":
                return self._equivalent()
        return None

    @property
    def _subject(self) -> Subject:
        return Subject(self.judgement.about, (), {})

    def _others(self) -> str | None:
        """The other BZRA counted with this one: in use or ordered in the same call; of a stop, those taken until now."""
        names = [self._name(name) for name in dict.fromkeys(item.medicine for item in self._together[1:])]
        return self.figures.named(names) if names else None

    def spoken_of(self, lead: Spoken) -> str:
        """The medicine, and the others beside it where this rule speaks of them all."""
        said = self.library.texts[lead.outcome.rule].says[self.language, lead.advise.say]
        others = any("others" in _fields(line) for line in said.summary) and [item.medicine for item in self._together]
        return self.figures.named(
            [self._name(name) for name in dict.fromkeys(others or [self.judgement.about.medicine])]
        )

    @property
    def _together(self) -> list[Order | Use]:
        return taken_together(self._subject, self.facts, self.library.medicines)

    def _equivalent(self) -> str | None:
        """All BZRA taken, in mg oral diazepam a day; None where it cannot be told to the upper end."""
        together = self._together
        low, high = self.library.medicines.diazepam_equivalent(together)
        average = any(item.dosage.daily and item.dosage.daily.average for item in together)
        return self.figures.equivalent(low, high, _HIGH_DOSE, average=average) if high else None

    def _alternatives(self) -> str | None:
        """The licensed medicines for relapse prevention that are not in use or being ordered already."""
        in_use = {use.medicine for use in self.facts.uses if use.current}
        ordered = {order.medicine for order in self.facts.orders if isinstance(order, Order)}
        stopped = {order.medicine for order in self.facts.orders if order.changes == {Change.STOP}}
        names = self.library.medicines.by_id
        left = [
            names[m].names[self.language] for m in ALTERNATIVES if m in names and m not in (in_use | ordered) - stopped
        ]
        return self.figures.named(left) if left else None


@cache
def _fields(line: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(line) if name)


@cache
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(_SENTENCE_END.split(text))


def _filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its figures; a sentence whose figure is not known is left out."""
    sentences = [sentence for sentence in _sentences(text) if _fields(sentence) <= values.keys()]
    return " ".join(sentence.format(**values) for sentence in sentences)


def _joined(action: str, why: str, bullets: list[str], close: str) -> str:
    listed = "\n".join([*([why] if why else []), *bullets])
    return "\n\n".join(part for part in (action, listed, close) if part)


def _first_sentence(said: str) -> str:
    head, mark, _ = said.partition(". ")
    return f"{head}." if mark else said


def _capitalised(line: str) -> str:
    return line[:1].upper() + line[1:]
