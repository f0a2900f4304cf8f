"""Build the program folder for this platform, then let the frozen program test itself.

The result is dist/crm-desktop (on a Mac also dist/CRM Desktop.app). A frozen program that hangs is
a failure, so the self-test has a time limit and its own, empty home folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name

from tools.third_party import locked_requirements

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "crm-desktop"
SPEC = ROOT / "installer" / "crm-desktop.spec"
SELF_TEST_SECONDS = 240
MEGABYTE = 1_000_000


def main() -> int:
    """Build and try; 1 when the frozen program does not pass its self-test."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", str(SPEC)]
    subprocess.run(command, cwd=ROOT, check=True)
    size = sum(path.lstat().st_size for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"Built {FOLDER.relative_to(ROOT)}: {size / MEGABYTE:.0f} MB. Testing it ...", flush=True)
    if without := sorted(_shipped_packages() - _described_packages()):
        print(f"Shipped without their licence texts: {', '.join(without)}")
        return 1
    return 0 if all(_passes(name) for name in ("crm-desktop", "crm-cli")) else 1


def _shipped_packages() -> set[NormalizedName]:
    """The locked packages that are installed on this platform."""
    found = {distribution.name for distribution in metadata.distributions()}
    return {canonicalize_name(one.name) for one in locked_requirements()} & set(map(canonicalize_name, found))


def _described_packages() -> set[NormalizedName]:
    """The packages whose metadata, licence texts included, are in the program folder."""
    folders = (path.name.removesuffix(".dist-info") for path in FOLDER.rglob("*.dist-info"))
    return {canonicalize_name(folder.rpartition("-")[0]) for folder in folders}


def _passes(name: str) -> bool:
    """Run one frozen program's self-test as on a machine that has never seen it."""
    program = FOLDER / (f"{name}.exe" if os.name == "nt" else name)
    with tempfile.TemporaryDirectory() as home:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= {
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": home,
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_STATE_HOME": f"{home}/state",
            "XDG_CACHE_HOME": f"{home}/cache",
        }
        try:
            done = subprocess.run(
                [str(program), "--self-test"],
                cwd=home,
                env=environment,
                timeout=SELF_TEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"{name} --self-test did not end within {SELF_TEST_SECONDS} seconds.")
            return False
    print(f"{name} --self-test: {'passed' if done.returncode == 0 else f'exit code {done.returncode}'}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
