"""Calls with what was judged, and the cards on it; who wrote them; what was forgotten, and what it counted."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("time", sa.String(27), nullable=False),
        sa.Column("hook", sa.String(40), nullable=False),
        sa.Column("hook_instance", sa.String(36), nullable=False),
        sa.Column("client", sa.String(80), nullable=False),
        sa.Column("patient", sa.String(32), nullable=False),
        sa.Column("user", sa.String(32)),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("knowledge", sa.String(80), nullable=False),
        sa.Column("wane", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("took_us", sa.BigInteger, nullable=False),
        sa.Column("gaps", sa.JSON, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("checksum", sa.String(32), nullable=False),
    )
    op.create_table(
        "reasoning",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("say", sa.String(80)),
        sa.Column("content", sa.JSON, nullable=False),
    )
    op.create_table(
        "writer",
        sa.Column("id", sa.String(18), primary_key=True),
        sa.Column("started", sa.String(27), nullable=False),
        sa.Column("seen", sa.String(27), nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "forgotten",
        sa.Column("writer", sa.String(18), primary_key=True),
        sa.Column("first", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("time", sa.String(27), nullable=False),
    )
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("hook", sa.String(40), primary_key=True),
        sa.Column("status", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.String(80), primary_key=True),
        sa.Column("outcome", sa.String(20), primary_key=True),
        sa.Column("say", sa.String(80), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
