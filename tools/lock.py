"""Resolve the dependencies and write both lock files, with hashes and without any address.

uv does the resolving, for every platform at once. It is needed only here, so it lives in a
temporary environment instead of everybody's .venv.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
OLDEST_PYTHON = "3.11"
# uv's own guess is macOS 13, for which Qt has no wheels any more.
MACOS = {"MACOSX_DEPLOYMENT_TARGET": "14.0"}
HEADER = "# Made by `make lock`. Every file is checked against its hash when it is installed.\n"


def main() -> int:
    """Write requirements.lock, then requirements-dev.lock with the same versions and the tools."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        binaries = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([binaries / "python", "-m", "pip", "--quiet", "install", "uv"], check=True)
        _compile(binaries / "uv", RUNTIME, upgrade)
        _compile(binaries / "uv", DEVELOPMENT, [*upgrade, "--group", "dev", "--constraint", RUNTIME])
    return 0


def _compile(uv: Path, target: str, options: list[str]) -> None:
    command = [str(uv), "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--quiet"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--python-version", OLDEST_PYTHON, "--output-file", target, *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_FIND")}
    subprocess.run(command, cwd=ROOT, env={**environment, **MACOS}, stdout=subprocess.DEVNULL, check=True)
    path = ROOT / target
    text = path.read_text(encoding="utf-8").removeprefix(HEADER)
    if "://" in text:
        raise SystemExit(f"{target} contains an address; it must name packages only.")
    path.write_text(HEADER + text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
