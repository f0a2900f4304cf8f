"""What the first-run pages may ask of the program, as plain callables; nothing heavy is imported here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_desktop.app import founding
from crm_desktop.app.founding import Administrator, NewCompany
from crm_desktop.shared.progress import Progress


def demo_path(language: str, folder: Path | None = None) -> Path:
    """Return where the demo company in `language` lies on this computer."""
    if folder is None:
        from platformdirs import user_data_path

        folder = user_data_path("crm-desktop", appauthor=False)
    return folder / f"demo-{language}.crm"


def documents_folder() -> Path:
    """Return the person's folder for documents, or their home folder where there is none."""
    from PySide6.QtCore import QStandardPaths

    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found else Path.home()


def _make_demo(language: str, progress: Progress) -> str:
    return founding.make_demo(demo_path(language), language, progress)


def _newest_backup(path: Path, folders: Sequence[str]) -> tuple[Path | None, str]:
    from crm_desktop.app.ui.restore import finding

    return finding.newest_good(path, [Path(folder) for folder in folders])


@dataclass(frozen=True)
class Ways:
    """The ways to a company; every call runs on a worker thread and may raise UserError.

    `check_file(path)` returns the address of a company file; `create(address, company, administrator)`
    the recovery code; `make_demo(language, progress)` the demo's address, made when it was not there;
    `newest_backup(path, folders)` the newest good backup of the company file at `path` and its moment in words.
    """

    check_file: Callable[[Path], str] = founding.check_file
    place_of: Callable[[Path], str] = founding.place_of
    reach: Callable[[str, int], None] = founding.reach
    is_founded: Callable[[str, Administrator], bool] = founding.is_founded
    create: Callable[[str, NewCompany, Administrator | None], str] = founding.create
    make_demo: Callable[[str, Progress], str] = _make_demo
    newest_backup: Callable[[Path, Sequence[str]], tuple[Path | None, str]] = _newest_backup
    documents: Callable[[], Path] = documents_folder
