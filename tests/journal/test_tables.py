"""The tables: made once, however many start at the same time, and as the models say."""

import os
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app.journal.database import engine_for
from app.journal.journal import prepare
from app.journal.migrate import FOLDER
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues
from app.journal.tables import REVISION, CallRow, ReasoningRow, table
from app.settings import Settings, SettingsFault
from tests.journal.conftest import Rows, told
from tests.journal.running import ROOT

PREPARE = (
    "from app.journal.journal import prepare; from app.settings import read_settings; exit(prepare(read_settings()))"
)


def test_tables_made_by_the_migrations_are_those_of_the_models(settings: Settings) -> None:
    assert prepare(settings) is None
    with engine_for(settings).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_the_newest_migration_is_the_one_the_code_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_two_processes_that_start_at_once_make_the_tables_once(settings: Settings, rows: Rows) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", PREPARE], cwd=ROOT, env={**os.environ, **told(settings)})
        for _ in range(2)
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    assert rows(settings, "SELECT version_num FROM alembic_version") == [(REVISION,)]
    assert len(settings.journal.with_suffix(".key").read_text().split()) == 1


def test_a_journal_of_a_newer_wane_is_not_written_to(settings: Settings) -> None:
    prepare(settings)
    with engine_for(settings).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SettingsFault, match="a newer one wrote it"):
        prepare(settings)


@pytest.mark.parametrize(
    ("values", "model"),
    [(CallValues, CallRow), (Reasoning, ReasoningRow)],
)
def test_rows_have_the_columns_of_their_table_in_their_order(values: type, model: type) -> None:
    columns = [column.name for column in table(model).columns]
    assert list(getattr(values, "_fields")) == [name for name in columns if name != "checksum"]  # noqa: B009
    assert columns[-1] == "checksum" or "checksum" not in columns
