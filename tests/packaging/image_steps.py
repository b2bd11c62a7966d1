"""The steps of the Dockerfile, taken by hand in a clean folder, for a machine without a container engine.

    python -m tests.packaging.image_steps

Every COPY and RUN of the build is carried out as it is written, with the image's paths below a temporary folder; then the
image's command is started and its health check run. What belongs to an engine (users, volumes) is left out and named.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.packaging.dockerfile import ROOT, Stage, read_dockerfile

PLACES = ("/opt/wane", "/src", "/wheel", "/var/lib/wane")
STARTS_WITHIN = 60  # seconds


class Image:
    """A folder that stands for the image's file system."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root
        self.environment = {"HOME": str(root), "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"}
        # How this machine reaches a package index, as an engine would be told on its own.
        self.environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}

    def here(self, text: str) -> str:
        """The text with the image's paths as paths of this folder."""
        for place in PLACES:
            text = re.sub(rf"(?<![\w./-]){re.escape(place)}\b", f"{self.root}{place}", text)
        return text

    def take(self, stage: Stage) -> None:
        """Carry out the instructions of a stage."""
        for name, rest in stage.instructions:
            said(f"{name} {rest}")
            match name:
                case "WORKDIR":
                    self.folder = Path(self.here(rest)) if rest != "/" else self.root
                    self.folder.mkdir(parents=True, exist_ok=True)
                case "ENV":
                    self.environment |= {
                        key: self.here(value) for key, value in stage.environment.items() if key != "PATH"
                    }
                case "COPY" if "--from" not in rest:
                    self._copy(rest.split())
                case "RUN" if "useradd" not in rest:
                    self.run(["/bin/sh", "-c", self.here(rest)])
                case _:
                    said("    (left to the engine)")

    def run(self, command: list[str]) -> None:
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True)

    def _copy(self, paths: list[str]) -> None:
        for source in paths[:-1]:
            target = self.folder / paths[-1]
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            else:
                shutil.copy(ROOT / source, target)


def said(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    build, final = read_dockerfile()
    with tempfile.TemporaryDirectory(prefix="wane-image-") as folder:
        image = Image(Path(folder))
        image.take(build)
        image.environment["PATH"] = f"{folder}/opt/wane/bin:/usr/bin:/bin"
        image.take(final)
        started = time.monotonic()
        command = [image.here(word) for word in final.command]
        said(f"WANE_OPEN=1 {' '.join(command)}")
        environment = {**image.environment, "WANE_OPEN": "1"}
        executable = f"{folder}/opt/wane/bin/{command[0]}"
        health = [f"{folder}/opt/wane/bin/{final.health[0]}", *final.health[1:]]
        server = subprocess.Popen([executable, *command[1:]], cwd=image.folder, env=environment)
        try:
            while subprocess.run(health, capture_output=True).returncode:
                if server.poll() is not None or time.monotonic() - started > STARTS_WITHIN:
                    raise SystemExit("the health check does not pass")
                time.sleep(0.1)  # between two health checks
            said(f"healthy after {time.monotonic() - started:.1f} s")
        finally:
            server.terminate()
            server.wait(timeout=30)
    said("stopped; every step of the image went through")


if __name__ == "__main__":
    main()
