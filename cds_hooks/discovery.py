"""Discovery: what `GET /cds-services` answers (CDS Hooks 2.0.1 "Discovery")."""

from collections.abc import Mapping
from dataclasses import dataclass

from cds_hooks.hooks import HOOKS

_NOW = {"version": "2.0.1"}  # of the specification; 3.0 has the member, and earlier clients ignore it


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `prefetch` maps a key to its template; tokens are limited to the hook's own (checklist P2, P3)."""

    hook: str
    id: str
    title: str
    description: str
    prefetch: Mapping[str, str]
    usage_requirements: str

    def __post_init__(self) -> None:
        allowed = {f"context.{token}" for token in HOOKS[self.hook].tokens}
        for key, template in self.prefetch.items():
            for part in template.split("{{")[1:]:
                token = part.split("}}")[0]
                if token not in allowed:
                    raise ValueError(f"{self.id}: prefetch {key} names {token}, which {self.hook} does not offer.")


def discovery(services: list[Service], version: str = "2.0") -> dict[str, object]:
    """The discovery document. A client of version 3.0 is told `hookVersion` too (checklist D7, D8)."""
    return {
        "services": [
            {
                "hook": service.hook,
                "id": service.id,
                "title": service.title,
                "description": service.description,
                "prefetch": dict(service.prefetch),
                "usageRequirements": service.usage_requirements,
                **({"version": "3.0.0", "hookVersion": HOOKS[service.hook].version} if version == "3.0" else _NOW),
            }
            for service in services
        ]
    }
