"""Alembic's way in: always on a connection that is handed over, in the transaction that holds the lock."""

from alembic import context
from sqlmodel import SQLModel

from app.journal import tables  # noqa: F401 - the models are the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
