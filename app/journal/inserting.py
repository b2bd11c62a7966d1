"""Inserts as SQL text, worked out once for each table: rows then go to the driver as they are kept."""

import re
from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite

from app.journal.tables import table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_MOST_VALUES = 30_000  # in one statement; SQLite takes 32,766, PostgreSQL 65,535


class Insert:
    """An insert of one row, and from it those of several."""

    def __init__(self, statement: str) -> None:
        head, values, self._row, self._tail = re.split(r"(VALUES )(\([^()]*\))", statement, maxsplit=1)
        self._head = head + values
        self._known: dict[int, str] = {}  # by the number of rows
        self.most = _MOST_VALUES // (self._row.count(",") + 1)  # rows

    def of(self, rows: int) -> str:
        """The insert of so many rows."""
        known = self._known.get(rows)
        if known is None:
            known = self._known[rows] = self._head + ", ".join([self._row] * rows) + self._tail
        return known


def insert_of(model: type, dialect: str) -> Insert:
    """The insert for a table. Its values come by place, as rows are kept.

    A record may come twice, when its first commit went through unheard: the second is ignored.
    """
    statement = insert_into(model, dialect).on_conflict_do_nothing()
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import psycopg  # noqa: PLC0415

        return Insert(str(statement.compile(dialect=psycopg.dialect(paramstyle="format"))))  # type: ignore[no-untyped-call]
    return Insert(str(statement.compile(dialect=sqlite.dialect())))


def insert_into(model: type, dialect: str) -> "sqlite.Insert | postgresql.Insert":
    """An insert that may say what becomes of a row that is there already. PostgreSQL's is loaded where it is used."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table(model))
    return sqlite.insert(table(model))
