"""The Dockerfile, read as what it is: stages of instructions."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the image it begins with, and its instructions in order as (name, rest)."""

    image: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [rest for instruction, rest in self.instructions if instruction == name]

    @property
    def environment(self) -> dict[str, str]:
        pairs = [pair.partition("=") for rest in self.all("ENV") for pair in shlex.split(rest)]
        return {name: value for name, _, value in pairs}

    @property
    def command(self) -> list[str]:
        return list(json.loads(self.all("CMD")[-1]))

    @property
    def health(self) -> list[str]:
        """The command of the health check."""
        return list(json.loads(self.all("HEALTHCHECK")[-1].partition("CMD ")[2]))


def read_dockerfile(path: Path = ROOT / "Dockerfile") -> list[Stage]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    stages: list[Stage] = []
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        name, _, rest = line.strip().partition(" ")
        if name == "FROM":
            image, _, stage = rest.partition(" AS ")
            stages.append(Stage(image, stage))
        elif name:
            stages[-1].instructions.append((name, " ".join(rest.split())))
    return stages
