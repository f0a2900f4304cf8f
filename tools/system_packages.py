"""The system libraries Qt's wheels expect, and the PostgreSQL server the tests start.

Only Debian and its children are installed for; elsewhere the missing thing is named. A developer's
machine is never bare, so each library is asked for by name instead of trying whether a window opens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

# Shared object that must be loadable -> Debian package that brings it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
PROGRAMS = {"Xvfb": "xvfb", "xauth": "xauth"}
# Without a Chinese font every Chinese text on the screen is a row of boxes.
FONT_FOLDER, FONT_PACKAGE = Path("/usr/share/fonts/opentype/noto"), "fonts-noto-cjk"
SERVER_PACKAGE = "postgresql"
# Debian 13 and Ubuntu 24.04 renamed it for 64-bit time.
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}


def ensure() -> bool:
    """True when nothing is missing or it could be installed; otherwise prints the line to run."""
    if sys.platform == "win32":
        return True
    if sys.platform == "darwin":
        if find_server_program("initdb") is None:
            print("Note: the PostgreSQL tests need a server: brew install postgresql")
        return True
    missing = missing_packages()
    if not missing:
        return True
    if shutil.which("apt-get") is None:
        print(f"Please install what your system calls these Debian packages: {' '.join(missing)}")
        return True
    return _install(missing)


def missing_packages() -> list[str]:
    """Debian names of what is not there, in the order of the tables above."""
    loadable = _loadable_libraries()
    missing = [package for library, package in LIBRARIES.items() if library not in loadable]
    missing += [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if not any(FONT_FOLDER.glob("NotoSansCJK*")):
        missing.append(FONT_PACKAGE)
    if find_server_program("initdb") is None:
        missing.append(SERVER_PACKAGE)
    return missing


def find_server_program(name: str) -> Path | None:
    """Where a PostgreSQL server program is: newest Debian or Homebrew version, else on PATH."""
    folders = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr/pgsql").glob("*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql*/bin"),
        *Path("/usr/local/opt").glob("postgresql*/bin"),
    ]
    found = [folder / name for folder in folders if (folder / name).is_file()]
    if found:
        return max(found, key=_version_in)
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


def _version_in(program: Path) -> int:
    digits = "".join(ch for ch in program.parent.parent.name if ch.isdigit())
    return int(digits or 0)


def _loadable_libraries() -> set[str]:
    """Names ldconfig knows. It lives in /sbin, which is not on every user's PATH."""
    ldconfig = shutil.which("ldconfig") or "/sbin/ldconfig"
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listing.splitlines() if "=>" in line}


def _install(packages: list[str]) -> bool:
    prefix = _root_prefix()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if prefix is None:
        print("Some system packages are missing. Please run this line, then try again:", file=sys.stderr)
        print(_line_to_run(packages), file=sys.stderr)
        return False
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    # A mirror that hiccups is not fatal: the lists of yesterday usually still serve.
    subprocess.run([*prefix, "apt-get", "-qq", "-o", "Acquire::Retries=3", "update"], check=False)
    command = [*prefix, "apt-get", "-qq", "-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"]
    command += ["install", "-y", "--no-install-recommends", *_names_known_here(packages)]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    still_missing = missing_packages()
    if still_missing:
        print(f"apt-get ended with {done.returncode} and these are still missing. Please run:", file=sys.stderr)
        print(_line_to_run(still_missing), file=sys.stderr)
        return False
    return True


def _root_prefix() -> list[str] | None:
    """How to become root without being asked: nothing, sudo, or None when it is not possible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _names_known_here(packages: Iterable[str]) -> list[str]:
    return [RENAMED[name] if name in RENAMED and _apt_knows(RENAMED[name]) else name for name in packages]


def _apt_knows(package: str) -> bool:
    shown = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return shown.returncode == 0


def _line_to_run(packages: Iterable[str]) -> str:
    names = " ".join(_names_known_here(packages))
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"
