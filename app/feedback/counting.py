"""What calls and the feedback on their cards count, by rule. Feedback on a card counts for every rule that spoke on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from app.journal.identity import card_of
from app.journal.past import CALLS, PastCall
from app.journal.tables import FeedbackRow, table
from cds_hooks.feedback import OVERRIDDEN

SHOWN, LED, WITHHELD = "shown", "led", "withheld"
NO_REASON = "none"
_FEEDBACK = table(FeedbackRow).c


class Reply(NamedTuple):
    """What became of a card."""

    outcome: str
    reason: str | None


def replies(connection: Connection, calls: ColumnElement[bool]) -> dict[str, Reply]:
    """What became of the cards of these calls (a condition on `call`), by uuid: of a card with several, the latest."""
    columns = (_FEEDBACK.card, _FEEDBACK.outcome, _FEEDBACK.reason)
    joined = _FEEDBACK.id.table.join(CALLS, (CALLS.c.id == _FEEDBACK.call) & (CALLS.c.client == _FEEDBACK.client))
    found = connection.execute(select(*columns).select_from(joined).where(calls).order_by(_FEEDBACK.at, _FEEDBACK.id))
    return {card: Reply(outcome, reason) for card, outcome, reason in found}


def counts_of(past: PastCall, known: Mapping[str, Reply]) -> Iterator[tuple[str, str, str]]:
    """(rule, what counts, why) for all that one call counts; why is the reason of an override, or what withheld advice."""
    for subject in past.subjects:
        for rule, why in subject.withheld or ():
            yield rule, WITHHELD, why
        if not subject.grounds or not subject.indicator:
            continue
        yield str(subject.rule), LED, ""
        reply = known.get(card_of(past.call.id, subject.place))
        for rule in subject.grounds.rules:
            yield rule, SHOWN, ""
            if reply:
                reason = reply.reason or NO_REASON if reply.outcome == OVERRIDDEN else ""
                yield rule, reply.outcome, reason


class _Course:
    """One rule's advice on one medicine of one patient, as the days went by."""

    def __init__(self) -> None:
        self.left: list[str] = []  # days on which a card was shown and not accepted
        self.last = ""  # when the rule last had something to say, or nothing
        self.quiet = False


class ActedOn:
    """Advice that was not accepted and was acted on later all the same: on another day the same rule, asked again about the
    same medicine of the same patient, has nothing more to say, and has not since."""

    def __init__(self, quiet: Iterable[str], advising: Iterable[str], rules: Mapping[str, str]) -> None:
        """`quiet` and `advising` are the reasonings that end so, `rules` whose each reasoning is."""
        self._quiet, self._advising, self._rules = frozenset(quiet), frozenset(advising), rules
        self._courses: defaultdict[tuple[str, str, str, str], _Course] = defaultdict(_Course)

    def see(self, past: PastCall, known: Mapping[str, Reply]) -> None:
        """Take a call into account; they may come in any order."""
        call = past.call
        for subject in past.subjects:
            about = (call.client, call.patient, subject.medicine)
            for reasoning, _ in subject.rules:
                if reasoning in self._quiet or reasoning in self._advising:
                    self._judged(self._courses[*about, self._rules[reasoning]], call.time, reasoning in self._quiet)
            reply = known.get(card_of(call.id, subject.place))
            if subject.grounds and not (reply and reply.outcome != OVERRIDDEN):
                for rule in subject.grounds.rules:
                    self._courses[*about, rule].left.append(call.time[:10])

    def _judged(self, course: _Course, time: str, quiet: bool) -> None:
        if time > course.last:
            course.last, course.quiet = time, quiet

    def counts(self) -> Iterator[tuple[str, int]]:
        """(rule, cards acted on later)."""
        for (_, _, _, rule), course in self._courses.items():
            days: Sequence[str] = course.left
            if course.quiet and days:
                yield rule, sum(day < course.last[:10] for day in days)
