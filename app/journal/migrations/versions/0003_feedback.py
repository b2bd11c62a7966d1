"""What clinicians did with cards, and the overrides among it that hold advice back."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("received", sa.String(27), nullable=False),
        sa.Column("client", sa.String(80), nullable=False),
        sa.Column("service", sa.String(40), nullable=False),
        sa.Column("card", sa.String(36), nullable=False),
        sa.Column("call", sa.String(36)),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("reason", sa.String(80)),
        sa.Column("commented", sa.Boolean, nullable=False),
        sa.Column("suggestions", sa.JSON, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("checksum", sa.String(32), nullable=False),
    )
    op.create_index("ix_feedback_call", "feedback", ["call"])
    op.create_table(
        "override",
        sa.Column("patient", sa.String(32), primary_key=True),
        sa.Column("user", sa.String(32), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("client", sa.String(80), nullable=False),
        sa.Column("call", sa.String(36), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.Column("grounds", sa.JSON, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_override_call", "override", ["call"])
