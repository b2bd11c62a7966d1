"""A rule as a pharmacist reads it: `rule.toml`, loaded strictly.

The form (DESIGN §3): what it judges, an `unless` for the whole rule, `speak` blocks tried from the top, and `note`
blocks that add a sentence. A block is all ∧ any ∧ ¬unless, and so is a group of criteria inside one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.criteria import Criterion, read_criterion, unknown_of
from knowledge.facts import Change
from knowledge.fault import among, fail, only_keys, text_of, texts_of
from knowledge.truth import Truth

HOOKS = ("order-select", "order-sign", "medication-refill", "patient-view", "encounter-discharge")
ORDER_HOOKS = frozenset({"order-select", "order-sign", "medication-refill"})
INDICATORS = ("critical", "warning", "info")  # most serious first
SUGGESTIONS = (
    *("delete-order", "delete-order-and-refer", "first-supply", "shorter-supply"),
    *("refer-addiction-care", "refer-specialist", "refer-cbt-sleep", "refer-cbt-panic"),
    *("discuss", "plan-follow-up", "verify-medication", "verify-indication", "questionnaire", "one-prescriber"),
    *("letter", "leaflet", "leaflet-pump", "tell-gp", "tell-imaging", "call-pump-team"),
    *("record-dependence", "record-use-disorder", "taper-plan"),
)
_VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Block:
    """Criteria under one name. For a speak block `name` is the say; indicator and suggestions go with it.

    `leads` false: it is a section on the card of another rule that speaks as seriously, whatever its priority.
    """

    name: str
    all: tuple[Criterion, ...]
    any: tuple[Criterion, ...]
    unless: tuple[Criterion, ...]
    indicator: str = "info"
    suggest: tuple[str, ...] = ()
    says: tuple[str, ...] = ()  # of a note: the says it goes with; none: all of them
    everywhere: bool = False  # of a note: it stands on the card also where another rule leads
    leads: bool = True
    overrides_without: tuple[str, ...] = ()  # the rule's reasons that make no sense against this say


@dataclass(frozen=True, slots=True)
class Judges:
    """What the rule looks at: orders of a medicine or class that make one of `change`, and (on hooks where nothing is
    ordered) current uses of it; or orders of an examination. `unknown` says what a change that cannot be told counts
    as."""

    medicine: str
    examinations: frozenset[str]
    change: frozenset[Change]
    order: bool
    use: bool
    unknown: Truth | None
    course_without: frozenset[str] = frozenset()  # medicines that do not count as days of use, unless judged


@dataclass(frozen=True, slots=True)
class Review:
    status: str
    due: date


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    version: str
    topic: str
    priority: int
    document: str
    hooks: tuple[str, ...]
    claims: tuple[str, ...]
    review: Review
    judges: Judges
    unless: tuple[Criterion, ...]
    speak: tuple[Block, ...]
    notes: tuple[Block, ...]
    overrides: tuple[str, ...]
    yields_to: tuple[str, ...]
    needed: bool  # false: what it lacks is named as a gap, and never refuses a call

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion of the rule, wherever it stands."""
        blocks = [c for b in (*self.speak, *self.notes) for c in (*b.all, *b.any, *b.unless)]
        return tuple(_with_parts((*self.unless, *blocks)))

    @property
    def needs(self) -> frozenset[str]:
        """The lists (prefetch keys) its criteria are read from."""
        needs = {need for criterion in self.criteria for need in criterion.needs}
        if self.judges.examinations:
            return frozenset(needs)
        if self.judges.use or self.judges.change != frozenset(Change):
            needs.add("medications")
        return frozenset(needs)

    @property
    def rests_on(self) -> frozenset[str]:
        """The rules whose outcome it asks for, or yields to."""
        return frozenset(self.yields_to).union(*(criterion.rules for criterion in self.criteria))


def _with_parts(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    for criterion in criteria:
        yield criterion
        yield from _with_parts(criterion.parts)


_KEYS = (
    *("id", "version", "topic", "priority", "hooks", "document", "claims", "review", "judges", "needed"),
    *("unless", "speak", "note", "overrides", "yields_to"),
)


def read_rule(table: Mapping[str, object], where: str) -> Rule:
    """Turn a parsed rule.toml into a Rule.

    Raises KnowledgeFault with file, place and remedy for anything that is not exactly the form.
    """
    only_keys(table, _KEYS, where)
    version = text_of(table, "version", where)
    if not _VERSION.fullmatch(version):
        fail(where, f'version "{version}" is not three numbers.', 'Write it like "1.0.0".')
    priority = table.get("priority")
    if not isinstance(priority, int):
        fail(where, "priority is missing.", "Give a whole number; the lower one leads a card (DESIGN §3).")
    speak = tuple(_block(item, "say", where) for item in _tables(table, "speak", where))
    if not speak:
        fail(where, "there is no [[speak]] block.", "A rule that never speaks is no rule; add one.")
    return Rule(
        id=text_of(table, "id", where),
        version=version,
        topic=text_of(table, "topic", where),
        priority=priority,
        document=text_of(table, "document", where),
        hooks=among(texts_of(table, "hooks", where), HOOKS, f"{where}: hooks"),
        claims=texts_of(table, "claims", where),
        review=_review(table.get("review"), f"{where}: review"),
        judges=_judges(table.get("judges"), f"{where}: judges"),
        unless=_criteria(table, "unless", where),
        speak=speak,
        notes=tuple(_block(item, "note", where, [b.name for b in speak]) for item in _tables(table, "note", where)),
        overrides=texts_of(table, "overrides", where),
        yields_to=texts_of(table, "yields_to", where),
        needed=_flag(table, "needed", where),
    )


def _judges(table: object, where: str) -> Judges:
    if not isinstance(table, Mapping):
        fail(where, "missing.", 'Write judges = {order = "baclofen", change = ["start"]} or {use = "bzra"}.')
    only_keys(table, ("order", "use", "change", "unknown", "course_without", "examination"), where)
    names = {text_of(table, key, where) for key in ("order", "use") if key in table}
    examinations = frozenset(texts_of(table, "examination", where))
    if len(names) != (0 if examinations else 1):
        fail(where, "names no medicine or class, or two.", "order and use name the same one; or name an examination.")
    change = among(texts_of(table, "change", where), tuple(Change), f"{where}.change")
    return Judges(
        medicine=names.pop() if names else "",
        examinations=examinations,
        change=frozenset(Change(item) for item in change) or frozenset(Change),
        order="order" in table,
        use="use" in table,
        unknown=unknown_of(table, where),
        course_without=frozenset(texts_of(table, "course_without", where)),
    )


def _flag(table: Mapping[str, object], key: str, where: str, *, default: bool = True) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        fail(where, f"{key} is not true or false.", f"Write {key} = {str(not default).lower()}, or leave it out.")
    return value


def _block(table: Mapping[str, object], name: str, where: str, says: Iterable[str] = ()) -> Block:
    where = f"{where}: [[{'speak' if name == 'say' else name}]] {table.get(name, '?')}"
    extra = ("indicator", "suggest", "leads", "overrides_without") if name == "say" else ("with", "everywhere")
    only_keys(table, (name, "all", "any", "unless", *extra), where)
    indicator = text_of(table, "indicator", where) if name == "say" else "info"
    among((indicator,), INDICATORS, f"{where}.indicator")
    block = Block(
        name=text_of(table, name, where),
        all=_criteria(table, "all", where),
        any=_criteria(table, "any", where),
        unless=_criteria(table, "unless", where),
        indicator=indicator,
        suggest=among(texts_of(table, "suggest", where), SUGGESTIONS, f"{where}.suggest"),
        says=among(texts_of(table, "with", where), tuple(says), f"{where}.with"),
        leads=_flag(table, "leads", where),
        overrides_without=texts_of(table, "overrides_without", where),
        everywhere=_flag(table, "everywhere", where, default=False),
    )
    if not block.all and not block.any:
        fail(where, "has neither `all` nor `any`.", "Say when it holds; a block without a condition always would.")
    return block


def _criteria(table: Mapping[str, object], key: str, where: str) -> tuple[Criterion, ...]:
    return tuple(
        read_criterion(item, here, unknown_of(item, here))
        for index, item in enumerate(_tables(table, key, where))
        for here in [f"{where}: {key}[{index}]"]
    )


def _tables(table: Mapping[str, object], key: str, where: str) -> list[Mapping[str, object]]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        fail(where, f'"{key}" is not a list of tables.', f"Write {key} = [{{…}}, {{…}}].")
    return value


def _review(table: object, where: str) -> Review:
    if not isinstance(table, Mapping):
        fail(where, "missing.", 'Write review = {status = "unreviewed", due = 2027-06-30}.')
    only_keys(table, ("status", "due"), where)
    due = table.get("due")
    if not isinstance(due, date):
        fail(where, "due is not a date.", "Write due = 2027-06-30.")
    status = text_of(table, "status", where)
    if status != "unreviewed":
        fail(where, f'status "{status}" is not known.', 'Nobody has reviewed the content: write "unreviewed".')
    return Review(status, due)
