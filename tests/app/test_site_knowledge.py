"""The products and codes of a site folder are what the service and the command line know."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import main
from app.settings import Settings
from app.site_knowledge import CODES, PRODUCTS, site_library
from knowledge.fault import KnowledgeFault
from tests.conftest import TODAY
from tests.service import service_on

EXAMPLE = Path(__file__).parents[2] / "site-example" / "README.md"
LOCAL = "https://hospital.example/product"
TABLETS = {
    "resourceType": "MedicationRequest",
    "id": "a",
    "medicationCodeableConcept": {"coding": [{"system": LOCAL, "code": "4711"}]},
    "dosageInstruction": [{"text": "2x per dag 1 tablet"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site folder with the products and codes that the example shows."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    for name, mark in ((PRODUCTS, "system,code"), (CODES, "[alias]")):
        (shown,) = (block for block in blocks if mark in block)
        (tmp_path / name).write_text(re.sub(r"^    ", "", shown, flags=re.MULTILINE).lstrip(), encoding="utf-8")
    return tmp_path


def test_the_files_the_example_shows_can_be_used(folder: Path) -> None:
    library = site_library(folder)
    assert [product.medicine for product in library.products.values()] == ["oxazepam", "clonazepam", None]
    assert library.version != site_library(None).version


def test_a_folder_without_them_changes_nothing(tmp_path: Path) -> None:
    assert site_library(tmp_path).version == site_library(None).version


def test_the_service_reads_by_the_products_of_its_site(folder: Path) -> None:
    with service_on(TODAY, Settings(site=folder, journal=folder / "journal.sqlite")) as wane:
        told = wane.post("/fhir/MedicationRequest/$daily-dose", TABLETS).json()["parameter"]
    (daily,) = (one["valueRange"]["high"] for one in told if one["name"] == "daily")
    assert (daily["value"], daily["unit"]) == (20, "mg")


def test_the_command_reads_by_the_products_of_its_site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "site.toml").touch()
    monkeypatch.setenv("WANE_SITE", str(folder))
    result = CliRunner().invoke(main, ["dose"], input=json.dumps(TABLETS))
    assert json.loads(result.stdout)["daily"] == {"low": 20, "high": 20, "unit": "mg"}


@pytest.mark.parametrize("command", [["config", "check"], ["dose"]])
def test_a_product_that_cannot_be_used_is_told_with_its_line(
    command: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "site.toml").touch()
    (folder / PRODUCTS).write_text("system,code,ingredient\nurn:x,1,nothing\n", encoding="utf-8")
    with pytest.raises(KnowledgeFault, match=r"products\.csv line 2"):
        site_library(folder)
    monkeypatch.setenv("WANE_SITE", str(folder))
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "products.csv line 2" in result.stderr
