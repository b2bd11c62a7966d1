"""compose.yaml: Wane and PostgreSQL, as they would be started."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.access import Access, access_of
from app.settings import read_settings
from tests.packaging.dockerfile import ROOT, read_dockerfile

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
WANE, DATABASE = COMPOSE["services"]["wane"], COMPOSE["services"]["database"]


def test_there_are_two_services_each_with_a_health_check() -> None:
    assert set(COMPOSE["services"]) == {"wane", "database"}
    for service in (WANE, DATABASE):
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert service["healthcheck"]["retries"]
    assert "/health/ready" in WANE["healthcheck"]["test"][-1]
    assert WANE["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_what_is_kept_is_kept_in_named_volumes() -> None:
    used = {mount.partition(":")[0]: mount.partition(":")[2] for s in (WANE, DATABASE) for mount in s["volumes"]}
    assert set(used) == set(COMPOSE["volumes"])
    assert used["wane"] in read_dockerfile()[1].all("VOLUME")


def test_secrets_come_from_files_and_stand_nowhere_else() -> None:
    for service in (WANE, DATABASE):
        for name, value in service["environment"].items():
            if any(word in name for word in ("PASSWORD", "URL", "KEY")):
                assert name.endswith("_FILE")
                assert value.startswith("/run/secrets/")
                assert value.rpartition("/")[2] in service["secrets"]
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_wane_starts_with_these_variables(tmp_path: Path) -> None:
    environment = dict(WANE["environment"])
    (tmp_path / "database_url").write_text("postgresql://wane:x@database/wane")
    (tmp_path / "pseudonym_key").write_text("0" * 64)
    for name, value in environment.items():
        assert isinstance(value, str), f"{name}: compose wants a string"
        environment[name] = value.replace("/run/secrets", str(tmp_path))
    settings = read_settings(environment)
    assert access_of(settings) is Access.OPEN
    assert settings.database_url == "postgresql://wane:x@database/wane"
    grace = int(WANE["stop_grace_period"].removesuffix("s"))
    assert settings.drain_seconds + settings.body_seconds + settings.request_seconds + 5 <= grace


def test_the_open_mode_reaches_this_machine_only() -> None:
    assert WANE["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in DATABASE


@pytest.mark.parametrize("service", [WANE, DATABASE])
def test_an_image_has_no_registry_and_the_database_a_version(service: dict[str, Any]) -> None:
    assert "/" not in service["image"]
    assert service is WANE or ":" in service["image"]
