"""Everything that can be checked without running the program; `make check`, pre-commit and CI.

All checks run, also after one failed: one look shows everything there is to mend.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

LINT_IMPORTS = (str(BIN / "lint-imports"), "--no-cache", "--no-logo")
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    ("lint", (str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", ".")),
    ("types", (str(BIN / "mypy"), "--no-error-summary")),
    ("import contracts", LINT_IMPORTS),
    ("import circles", (*LINT_IMPORTS, "--config", "tools/runtime_imports.toml")),
    ("translations", (sys.executable, "-m", "tools.catalogues", "check")),
    ("third-party list", (sys.executable, "-m", "tools.third_party", "check")),
)


def main() -> int:
    """Run the checks, print the output of those that failed, and a line for each; 1 if any failed."""
    failed = 0
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            failed += 1
            print(done.stdout.rstrip())
        word = "FAILED" if done.returncode else "ok"
        print(f"{name:<18}{word:<8}{time.monotonic() - began:5.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
