"""THIRD-PARTY.md: what is shipped with the program, under which licence, by whom.

Made from the metadata of the installed packages that requirements.lock names, and of the files
in resources/ that carry a licence of their own. `python -m tools.third_party write|check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
TARGET = ROOT / "THIRD-PARTY.md"
RESOURCES = ROOT / "resources"
INTRODUCTION = """# Third-party software

CRM Desktop is under the MIT licence (LICENSE). It is shipped together with the packages below.
Qt, PySide6, psycopg and python-stdnum are under the LGPL: the program folder keeps them as separate,
replaceable files. The licence texts are inside each package (`*.dist-info`).

The program folder also holds Python itself (PSF-2.0), PyInstaller's loader (GPL with an exception for what
it loads), and the libraries that these need and the system or their packages bring, each under a free licence
of its own: SQLite, OpenSSL, libpq, ICU, zlib and, on Linux, those of X11, Wayland, GLib and FreeType.

This list is made by `make third-party`; packages marked with a system are shipped only there.

"""
# Packages whose metadata does not say it, or that not every platform and Python installs, looked up
# in their own licence files: the list must come out the same everywhere.
KNOWN = {
    "backports-tarfile": "MIT",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "lazy-importer": "Apache-2.0",
    "secretstorage": "BSD-3-Clause",
    "zipp": "MIT",
    "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "pywin32-ctypes": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
}
CLASSIFIER = "License :: OSI Approved :: "


def locked_requirements() -> Iterator[Requirement]:
    """The packages of the runtime lock, in its (alphabetical) order."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            yield Requirement(line.rstrip(" \\"))


def render() -> str:
    """The whole text of THIRD-PARTY.md."""
    lines = ["| Package | Version | Licence | Systems |", "|---|---|---|---|"]
    for requirement in locked_requirements():
        version = next(iter(requirement.specifier)).version
        systems = _systems(requirement)
        lines.append(f"| {requirement.name} | {version} | {_licence(requirement.name)} | {systems} |")
    files = list(_bundled_files())
    if files:
        lines += ["", "## Fonts, icons and other files", "", "| Folder | Licence file |", "|---|---|"]
        lines += [f"| {folder} | {name} |" for folder, name in files]
    return INTRODUCTION + "\n".join(lines) + "\n"


def _systems(requirement: Requirement) -> str:
    """`all`, or the system the lock's marker restricts the package to."""
    found = re.search(r"sys_platform == '(\w+)'", str(requirement.marker or "").replace('"', "'"))
    return {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}[found.group(1)] if found else "all"


def _licence(name: str) -> str:
    key = canonicalize_name(name)
    if key in KNOWN:
        return KNOWN[key]
    try:
        described: Message = metadata.metadata(name)  # type: ignore[assignment]
    except metadata.PackageNotFoundError:
        return "see the package"
    for text in (described.get("License-Expression"), _from_classifiers(described), described.get("License")):
        if text and text.strip():
            return str(text).strip().splitlines()[0].replace("|", "/")
    return "see the package"


def _from_classifiers(described: Message) -> str:
    classifiers = [str(value) for value in described.get_all("Classifier") or []]
    named = [value.removeprefix(CLASSIFIER) for value in classifiers if value.startswith(CLASSIFIER)]
    return "; ".join(sorted(named))


def _bundled_files() -> Iterator[tuple[str, str]]:
    for path in sorted(RESOURCES.rglob("*")):
        if re.match(r"(licen[sc]e|ofl|copying)\b", path.name, re.IGNORECASE):
            yield f"resources/{path.parent.relative_to(RESOURCES).as_posix()}", path.name


def main() -> int:
    """Command line; `check` returns 1 when the file is not what `write` would make."""
    job = sys.argv[1] if len(sys.argv) == 2 else ""
    text = render()
    if job == "write":
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if job == "check":
        if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
            print("THIRD-PARTY.md is up to date.")
            return 0
        print("THIRD-PARTY.md is out of date: run make third-party.")
        return 1
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
