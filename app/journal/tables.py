"""The tables. Nothing in them is a name, a text, or an id as a client wrote it: see `record`.

Order and uniqueness rest on ids that are made before anything is written (see `identity`), never on the clock. Times are
UTC, written as 2026-11-21T08:30:00.000000Z.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, Column, Table
from sqlalchemy.types import JSON
from sqlmodel import Field, SQLModel

REVISION = "3"  # the newest migration; a test holds the two together


class CallRow(SQLModel, table=True):
    """One answered call of a hook.

    `patient` and `user` are keyed hashes made with the key `key_id`; `hook_instance` is the UUID the client sent, or a
    keyed hash of whatever else it sent. `gaps` are pairs [code, rule or null]. `took_us` is the time from the parsed
    request to the answer, in microseconds, before it was journaled. `subjects` are what was judged, each as
    `record.KeptSubject` has it. `checksum` covers all the rest.

    It is all one row, and nothing is indexed but ids: what every answer waits for is then one statement, and a page or
    two. What is asked for by hand only is looked for by reading on. On SQLite the rows lie in the order they came, and the
    ids in an index beside: in an index itself a row of more than a quarter of a page would take a page of its own, of which
    the most stays empty (https://www.sqlite.org/fileformat2.html §1.6).
    """

    __tablename__: ClassVar[str] = "call"

    id: str = Field(primary_key=True, max_length=36)
    time: str = Field(max_length=27)
    hook: str = Field(max_length=40)
    hook_instance: str = Field(max_length=36)
    client: str = Field(max_length=80)
    patient: str = Field(max_length=32)
    user: str | None = Field(default=None, max_length=32)
    key_id: str = Field(max_length=16)
    knowledge: str = Field(max_length=80)
    wane: str = Field(max_length=40)
    language: str = Field(max_length=8)
    status: int
    took_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    gaps: list[list[str | None]] = Field(sa_column=Column(JSON, nullable=False))
    subjects: list[list[object]] = Field(sa_column=Column(JSON, nullable=False))
    checksum: str = Field(max_length=32)


class ReasoningRow(SQLModel, table=True):
    """One way for one rule to come to its outcome: stored once, since the same few recur in every call.

    `id` is a hash of all the rest. `content` has what the outcome says beside its name (notes, missing, because) and
    `criteria`: block, criterion as written in the rule, truth, whether that was assumed, and what was missing.
    """

    __tablename__: ClassVar[str] = "reasoning"

    id: str = Field(primary_key=True, max_length=32)
    rule: str = Field(max_length=80)
    version: str = Field(max_length=20)
    outcome: str = Field(max_length=20)
    say: str | None = Field(default=None, max_length=80)
    content: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class WriterRow(SQLModel, table=True):
    """One process that writes, or wrote: `last` is the count of its calls when it was last heard of."""

    __tablename__: ClassVar[str] = "writer"

    id: str = Field(primary_key=True, max_length=18)
    started: str = Field(max_length=27)
    seen: str = Field(max_length=27)
    last: int = Field(sa_column=Column(BigInteger, nullable=False))


class ForgottenRow(SQLModel, table=True):
    """Calls `first` to `last` of a writer that were erased on purpose, or never answered: no gap in the count."""

    __tablename__: ClassVar[str] = "forgotten"

    writer: str = Field(primary_key=True, max_length=18)
    first: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    last: int = Field(sa_column=Column(BigInteger, nullable=False))
    time: str = Field(max_length=27)


class DailyCountRow(SQLModel, table=True):
    """What forgotten calls counted: calls by status (`rule` empty), rule outcomes, and what became of cards
    (`feedback.counting`; `say` is the reason then), per day (UTC) and hook."""

    __tablename__: ClassVar[str] = "daily_count"

    day: date = Field(primary_key=True)
    hook: str = Field(primary_key=True, max_length=40)
    status: int = Field(primary_key=True)
    rule: str = Field(primary_key=True, max_length=80)
    outcome: str = Field(primary_key=True, max_length=20)
    say: str = Field(primary_key=True, max_length=80)
    count: int = Field(sa_column=Column(BigInteger, nullable=False))


class SeenJwtRow(SQLModel, table=True):
    """A JWT that was used: `id` is a hash of issuer and jti, and after `until` (seconds since the epoch) it has expired."""

    __tablename__: ClassVar[str] = "seen_jwt"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=32)
    until: int = Field(sa_column=Column(BigInteger, nullable=False))


class FeedbackRow(SQLModel, table=True):
    """What was sent back on one card; never changed, and the same thing sent again is the same row.

    `id` is a hash of all the rest but `received`. `service` is the one it was sent to. `card` and `suggestions` are UUIDs, or
    keyed hashes of whatever else was sent; `call` the call the card was on, if the card can be one of Wane's. `reason` is a
    code of Wane's own, or "other". Comments are not kept: `commented` says that there was one. `checksum` covers all the rest.
    """

    __tablename__: ClassVar[str] = "feedback"

    id: str = Field(primary_key=True, max_length=32)
    received: str = Field(max_length=27)
    client: str = Field(max_length=80)
    service: str = Field(max_length=40)
    card: str = Field(max_length=36)
    call: str | None = Field(default=None, max_length=36, index=True)
    outcome: str = Field(max_length=20)
    at: str = Field(max_length=27)
    reason: str | None = Field(default=None, max_length=80)
    commented: bool
    suggestions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    key_id: str = Field(max_length=16)
    checksum: str = Field(max_length=32)


class OverrideRow(SQLModel, table=True):
    """An override that may hold advice back: the feedback `id`, found by whose it was and whom it was about.

    `patient` and `user` are the keyed hashes of the call. `grounds` is what spoke, what about, and on what evidence, in names
    out of the knowledge base: see `feedback.grounds`.
    """

    __tablename__: ClassVar[str] = "override"
    __table_args__ = {"sqlite_with_rowid": False}

    patient: str = Field(primary_key=True, max_length=32)
    user: str = Field(primary_key=True, max_length=32)
    id: str = Field(primary_key=True, max_length=32)
    client: str = Field(max_length=80)
    call: str = Field(max_length=36, index=True)
    at: str = Field(max_length=27)
    reason: str = Field(max_length=80)
    grounds: list[object] = Field(sa_column=Column(JSON, nullable=False))


def table(model: type) -> Table:
    """The table of a model, as SQLAlchemy Core knows it."""
    found: Table = getattr(model, "__table__")  # noqa: B009 - SQLModel does not declare it
    return found
