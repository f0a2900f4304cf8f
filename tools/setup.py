"""Make a checkout ready to run: system libraries, .venv, locked packages, catalogues.

Runs on a bare Python 3.11 or newer, on Linux, Windows and macOS, with nothing installed:
`python3 tools/setup.py`. Does nothing, quickly, when nothing changed since the last time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
PROGRAM = BIN / ("crm-desktop.exe" if os.name == "nt" else "crm-desktop")
STAMP = VENV / ".setup-stamp"
LOCK = ROOT / "requirements-dev.lock"
PARTS_OF_THE_STAMP = (LOCK, ROOT / "pyproject.toml", Path(__file__))
OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Bring everything up to date; 0 when the program can be started."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"CRM Desktop needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    # Imported late: a bare `python3 tools/setup.py` has only this folder on its path.
    sys.path.insert(0, str(ROOT))
    from tools import system_packages

    if not system_packages.ensure():
        return 1
    stamp = _stamp()
    if not _is_current(stamp):
        _make_venv()
        _install_packages()
        STAMP.write_text(stamp, encoding="ascii")
    subprocess.run([PYTHON, "-m", "tools.catalogues", "compile"], cwd=ROOT, check=True)
    return 0


def _stamp() -> str:
    """What the .venv was made from, as one hash: lock, project file, this script, interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    digest.update(str(ROOT).encode())
    for path in PARTS_OF_THE_STAMP:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_current(stamp: str) -> bool:
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == stamp and PYTHON.is_file() and PROGRAM.is_file()


def _make_venv() -> None:
    """Make .venv with the running interpreter, unless a working one of the same version is there."""
    probe = "import sys; print(sys.version)"
    if PYTHON.is_file():
        found = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip() == sys.version:
            return
        shutil.rmtree(VENV)
    print(f"Making {VENV.name} with Python {sys.version.split()[0]} ...", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(VENV, ignore_errors=True)
        print("Could not make a virtual environment (on Debian: apt-get install python3-venv).", file=sys.stderr)
        raise SystemExit(1) from None


def _install_packages() -> None:
    """Install exactly what the lock names, every file checked by its hash, then this project."""
    print("Installing the locked packages (about a minute the first time) ...", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    if not _installed_by_uv(locked):
        subprocess.run([*pip, "--no-input", *locked], cwd=ROOT, check=True)
    project = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)]
    subprocess.run([*pip, *project], cwd=ROOT, check=True)


def _installed_by_uv(locked: list[str]) -> bool:
    """Several times faster than pip where a developer has it; pip does it where uv cannot."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *locked]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failed:
        print(f"Set-up stopped: {' '.join(map(str, failed.cmd))} failed.", file=sys.stderr)
        sys.exit(1)
