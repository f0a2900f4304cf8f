"""Which company the window opened last, read from its settings without Qt: the command line's default."""

import json
import re
from configparser import Error, RawConfigParser
from pathlib import Path
from typing import Final

_ESCAPED: Final = re.compile(r"\\(.)")


def last_opened(settings_file: Path | None = None) -> str:
    """Return the address, "" when nothing was opened yet or the settings cannot be read.

    The file is written by `ui.settings`: an ini file whose values are JSON, escaped by QSettings.
    """
    if settings_file is None:
        from platformdirs import user_config_path

        settings_file = user_config_path("crm-desktop", appauthor=False) / "settings.ini"
    parser = RawConfigParser(strict=False)
    try:
        parser.read(settings_file, encoding="utf-8")
        stored = parser.get("company", "last", fallback=r"\"\"")
        if stored.startswith('"'):
            # QSettings sets the value in quotes only when it has a comma or a semicolon.
            stored = stored[1:-1]
        address = json.loads(_ESCAPED.sub(r"\1", stored))
    except (OSError, Error, ValueError):
        return ""
    return address if isinstance(address, str) else ""
