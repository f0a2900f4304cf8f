"""How the program starts itself again for one piece of work, from a checkout and as a frozen program."""

import os
import sys
from pathlib import Path


def child_command(module: str, word: str) -> list[str]:
    """Return what runs `module` in a process of its own; `word` is the argument by which the frozen program knows."""
    if not getattr(sys, "frozen", False):
        return [sys.executable, "-P", "-m", module]
    program = Path(sys.executable)
    # The window's program has no standard output on Windows; the one for the console has.
    console = program.with_name("crm-cli" + program.suffix)
    return [str(console if console.is_file() else program), word]


def child_environment() -> dict[str, str]:
    """Return the environment of such a process."""
    import crm_desktop

    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = str(Path(crm_desktop.__file__).parent.parent)
    return environment
