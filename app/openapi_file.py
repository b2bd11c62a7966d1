"""openapi.yaml: the contract as a file, written from the code."""

import yaml

from app.main import create_app
from app.settings import Settings


def written() -> str:
    """The OpenAPI document as YAML, the same bytes on every machine."""
    return yaml.safe_dump(create_app(Settings()).openapi(), sort_keys=False, allow_unicode=True, width=120)
