"""Gettext catalogues: extract, update, compile, and check that every sentence is translated.

Run as `python -m tools.catalogues compile|update|check`. Sources: `_()`, `N_()`, `ngettext()`,
`pgettext()` in src/. Catalogues: resources/locale/<language>/LC_MESSAGES/crm_desktop.po; the
.mo files beside them are made by `make setup` and are not committed.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
LOCALES = ROOT / "resources" / "locale"
DOMAIN = "crm_desktop"
LANGUAGES = ("zh_Hans", "zh_Hant")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "NP_": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)[^{}]*\}")


def extract() -> Catalog:
    """Every sentence in the sources, sorted, with the files it stands in (no line numbers: quiet diffs)."""
    catalogue = Catalog(project="CRM Desktop", copyright_holder="CRM Desktop contributors", charset="utf-8")
    found = extract_from_dir(
        str(SOURCES),
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for filename, _line, message, comments, context in found:
        place = [(f"src/{Path(filename).as_posix()}", 0)]
        catalogue.add(message, locations=place, auto_comments=comments, context=context)
    return catalogue


def po_path(language: str) -> Path:
    """Where the catalogue of one language is kept."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog | None:
    """The catalogue of one language, or None when nobody has started it."""
    path = po_path(language)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def compile_all() -> None:
    """Write the .mo files, only where the .po is newer."""
    for language in LANGUAGES:
        path = po_path(language)
        target = path.with_suffix(".mo")
        if not path.is_file() or (target.is_file() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns):
            continue
        catalogue = load(language)
        assert catalogue is not None
        made = io.BytesIO()
        write_mo(made, catalogue)
        target.write_bytes(made.getvalue())
        print(f"Compiled {target.relative_to(ROOT)}")


def update_all() -> None:
    """Bring the .po files in line with the sources: new sentences empty, vanished ones dropped.

    A near match is never guessed: a wrong translation is worse than a missing one, which `check` finds.
    """
    template = extract()
    for language in LANGUAGES:
        catalogue = load(language) or Catalog(locale=language, domain=DOMAIN, project="CRM Desktop")
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        made = io.BytesIO()
        write_po(made, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
        path.write_bytes(made.getvalue())
        missing = sum(1 for _ in _untranslated(catalogue))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} sentences, {missing} without translation")


def hidden() -> Iterator[str]:
    """One line per sentence inside an f-string, where Python 3.11's tokens do not show it to the extractor."""
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            calls = (
                (one for one in ast.walk(node) if isinstance(one, ast.Call)) if isinstance(node, ast.JoinedStr) else ()
            )
            for call in calls:
                given = bool(call.args) and isinstance(call.args[0], ast.Constant)
                if given and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
                    yield f"{path.relative_to(ROOT)}:{call.lineno}: take the sentence out of the f-string"


def problems() -> list[str]:
    """One line per sentence that is missing, unfinished, hidden or has other placeholders than the original."""
    template = extract()
    found: list[str] = list(hidden())
    for language in LANGUAGES:
        catalogue = load(language)
        if catalogue is None:
            if len(template):
                found.append(f"{language}: no catalogue; run make messages")
            continue
        for message in template:
            if message.id:
                found.extend(f"{language}: {line}" for line in _problems_of(message, catalogue))
    return found


def _problems_of(message: Message, catalogue: Catalog) -> Iterator[str]:
    singular = _texts(message.id)[0]
    translated = catalogue.get(message.id, message.context)
    if translated is None or translated.fuzzy or not _all_filled(translated):
        yield f"not translated: {singular!r} ({message.locations[0][0]})"
        return
    originals = _texts(message.id)
    allowed = {name for text in originals for name in PLACEHOLDER.findall(text)}
    for text in _texts(translated.string):
        used = set(PLACEHOLDER.findall(text))
        if used - allowed or (len(originals) == 1 and used != allowed):
            yield f"other placeholders than the original: {singular!r} -> {text!r}"


def _texts(text: str | Sequence[str] | None) -> list[str]:
    """One text, or all plural forms."""
    return [text] if isinstance(text, str) else list(text or ())


def _all_filled(message: Message) -> bool:
    texts = _texts(message.string)
    return bool(texts) and all(texts)


def _untranslated(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id and not _all_filled(message))


def main() -> int:
    """Command line; 1 when `check` finds something."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description=__doc__)
    parser.add_argument("job", choices=("compile", "update", "check"))
    job = parser.parse_args().job
    if job == "compile":
        compile_all()
        return 0
    if job == "update":
        update_all()
        return 0
    found = problems()
    print("\n".join(found) if found else "Every sentence is translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
