from typer.testing import CliRunner

from app.cli import main


def test_config_check_prints_every_setting_and_where_it_came_from() -> None:
    result = CliRunner().invoke(main, ["config", "check"], env={"WANE_MAX_DEPTH": "77"})
    assert result.exit_code == 0
    assert "max_depth         77 " in result.output
    assert result.output.endswith("No fault found.\n")


def test_config_check_fails_with_the_sentence_that_says_what_to_write() -> None:
    result = CliRunner().invoke(main, ["config", "check"], env={"WANE_MAX_DEPTH": "deep"})
    assert result.exit_code == 1
    assert result.output.startswith("WANE_MAX_DEPTH is not a whole number of levels from 10 to 500.")
    assert "Traceback" not in result.output


def test_config_check_fails_on_a_key_that_the_service_would_not_start_with() -> None:
    result = CliRunner().invoke(main, ["config", "check"], env={"WANE_PSEUDONYM_KEY": "hush"})
    assert result.exit_code == 1
    assert result.output.startswith("WANE_PSEUDONYM_KEY needs a secret of at least 32 ASCII characters")
    assert "hush" not in result.output


def test_config_table_lists_the_settings() -> None:
    result = CliRunner().invoke(main, ["config", "table"])
    assert "| `max_depth` | `WANE_MAX_DEPTH` | `100` |" in result.output
