"""What became of advice, rule by rule, as far as the journal knows."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import orjson
from sqlalchemy import ColumnElement, Connection, Text, and_, cast, func, select

from app.feedback.counting import LED, NO_REASON, SHOWN, WITHHELD, ActedOn, counts_of, replies
from app.feedback.kept import OTHER
from app.holding import SHADOW
from app.journal.past import CALLS, past_calls, reasonings
from app.journal.tables import DailyCountRow, FeedbackRow, table
from cds_hooks.feedback import ACCEPTED, OVERRIDDEN
from knowledge.outcome import GIVES_WAY

_DAILY, _FEEDBACK = table(DailyCountRow).c, table(FeedbackRow).c


@dataclass(slots=True)
class RuleCounts:
    """One rule's. `shown` are the cards it spoke on, `led` those it led; the rest are of these cards, but for `withheld` (by
    reason) and `shadow`, which were not shown."""

    shown: int = 0
    led: int = 0
    accepted: int = 0
    overridden: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    shadow: int = 0
    acted_on_later: int = 0

    def add(self, what: str, why: str, count: int = 1) -> None:
        """Count one more of what `counts_of` tells; anything else is left."""
        match what:
            case "shown" | "led" | "accepted":
                setattr(self, what, getattr(self, what) + count)
            case "overridden":
                self.overridden[why or NO_REASON] += count
            case "withheld" if why == SHADOW:
                self.shadow += count
            case "withheld":
                self.withheld[why] += count


@dataclass(frozen=True, slots=True)
class Report:
    """From the first day to the last, both included (UTC). `unknown_cards` is feedback that is on no card in the journal."""

    since: date
    until: date
    client: str | None
    calls: int
    rules: dict[str, RuleCounts]
    unknown_cards: int


def report(
    connection: Connection,
    since: date,
    until: date,
    client: str | None = None,
    between: Callable[[], None] = lambda: None,
) -> Report:
    """Read the calls of these days. Of calls that were forgotten the counts are left, unless one client is asked for: they do
    not tell of whom. `between` is called now and then: by raising, a caller can give up."""
    rules: defaultdict[str, RuleCounts] = defaultdict(RuleCounts)
    condition = _of_days(since, until, client)
    known = replies(connection, condition)
    acted_on = _acted_on(connection)
    calls = int(connection.execute(select(func.count()).select_from(CALLS).where(condition)).scalar_one())
    judged = cast(CALLS.c.subjects, Text) != "[]"  # most calls order nothing a rule speaks about
    for some in past_calls(connection, and_(condition, judged)):
        between()
        for past in some:
            acted_on.see(past, known)
            for rule, what, why in counts_of(past, known):
                rules[rule].add(what, why)
    for rule, count in acted_on.counts():
        rules[rule].acted_on_later += count
    if client is None:
        calls += _add_forgotten(connection, since, until, rules)
    return Report(since, until, client, calls, dict(sorted(rules.items())), _unknown(connection, since, until, client))


def _of_days(since: date, until: date, client: str | None) -> ColumnElement[bool]:
    days = and_(CALLS.c.time >= since.isoformat(), CALLS.c.time < f"{until}T24")
    return days if client is None else and_(days, CALLS.c.client == client)


def _acted_on(connection: Connection) -> ActedOn:
    known = reasonings(connection)
    quiet = [
        name
        for name, each in known.items()
        if each.outcome == "stay-quiet" and not str(orjson.loads(each.content).get("because")).endswith(GIVES_WAY)
    ]
    advising = [name for name, each in known.items() if each.outcome == "advise"]
    return ActedOn(quiet, advising, {name: each.rule for name, each in known.items()})


def _add_forgotten(connection: Connection, since: date, until: date, rules: defaultdict[str, RuleCounts]) -> int:
    calls = 0
    columns = (_DAILY.rule, _DAILY.outcome, _DAILY.say, func.sum(_DAILY.count))
    days = _DAILY.day.between(since, until)
    for rule, what, why, count in connection.execute(select(*columns).where(days).group_by(*columns[:3])):
        if not rule:
            calls += int(count)
        elif what in (SHOWN, LED, ACCEPTED, OVERRIDDEN, WITHHELD):
            rules[rule].add(what, why, int(count))
    return calls


def _unknown(connection: Connection, since: date, until: date, client: str | None) -> int:
    joined = _FEEDBACK.id.table.outerjoin(CALLS, (CALLS.c.id == _FEEDBACK.call) & (CALLS.c.client == _FEEDBACK.client))
    days = and_(_FEEDBACK.received >= since.isoformat(), _FEEDBACK.received < f"{until}T24")
    found = select(func.count()).select_from(joined).where(days, CALLS.c.id.is_(None))
    return int(connection.execute(found if client is None else found.where(_FEEDBACK.client == client)).scalar_one())


def as_json(told: Report) -> dict[str, object]:
    """For programs."""
    rules = [
        {
            "rule": rule,
            "shown": each.shown,
            "led": each.led,
            "accepted": each.accepted,
            "overridden": each.overridden.total(),
            "overriddenBy": dict(sorted(each.overridden.items())),
            "withheld": each.withheld.total(),
            "withheldBy": dict(sorted(each.withheld.items())),
            "actedOnLater": each.acted_on_later,
            "shadow": each.shadow,
        }
        for rule, each in told.rules.items()
    ]
    days = {"since": told.since.isoformat(), "until": told.until.isoformat()}
    of = {"client": told.client} if told.client else {}
    return {**days, **of, "calls": told.calls, "unknownCards": told.unknown_cards, "rules": rules}


def table_of(told: Report, reasons: Sequence[str]) -> list[list[str]]:
    """A row for each rule below the names of the columns; `reasons` are those an override can have."""
    by = [*reasons, OTHER, NO_REASON]
    names = ["rule", "shown", "led", "accepted", "overridden", *(f"overridden:{reason}" for reason in by)]
    rows = [[*names, "withheld", "acted_on_later", "shadow"]]
    for rule, each in told.rules.items():
        numbers = [each.shown, each.led, each.accepted, each.overridden.total(), *(each.overridden[one] for one in by)]
        rows.append([rule, *map(str, (*numbers, each.withheld.total(), each.acted_on_later, each.shadow))])
    return rows


def as_csv(told: Report, reasons: Sequence[str]) -> str:
    """For spreadsheets (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text).writerows(table_of(told, reasons))
    return text.getvalue()


def as_text(told: Report, reasons: Sequence[str]) -> Iterator[str]:
    """For somebody at a terminal: the columns that are not empty."""
    whose = f" of {told.client}" if told.client else ""
    yield f"{told.since} to {told.until}: {told.calls} calls{whose}."
    rows = table_of(told, reasons)
    kept = [
        place for place, name in enumerate(rows[0]) if ":" not in name or any(row[place] != "0" for row in rows[1:])
    ]
    widths = [max(len(row[place]) for row in rows) for place in kept]
    for row in rows if told.rules else ():
        cells = [row[place] for place in kept]
        yield "  ".join(
            [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
        )
    if not told.rules:
        yield "No advice was shown or held back."
    if told.unknown_cards:
        yield f"{told.unknown_cards} times there was feedback on a card that is not in the journal."
