"""The seam for everything that stops a person: questions, files, errors. Tests answer it."""

import logging
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import _
from crm_desktop.ui.message_box import InputBox, MessageBox, Verb

log = logging.getLogger(__name__)


class Answer(Enum):
    """What a test answers to `confirm`, and to a question it means to leave."""

    YES = "yes"
    NO = "no"
    LEAVE = "leave"


class UnexpectedDialog(AssertionError):
    """The program asked something the test did not foresee."""


@dataclass(frozen=True)
class Asked:
    """One thing that was asked or shown: its kind, what it said and the keys of its verbs."""

    kind: str
    title: str
    text: str = ""
    verbs: tuple[str, ...] = ()


class Dialogs(QObject):
    """Asks the person in front of the window `owner`; modal to that window only.

    After `will_answer` no dialog opens any more: answers come from the queue, and a question without
    one raises `UnexpectedDialog`.
    """

    def __init__(self, owner: QWidget | None = None) -> None:
        super().__init__(owner)
        self._owner = owner
        self._answers: deque[Any] | None = None
        self._error_box: MessageBox | None = None
        self.asked: list[Asked] = []
        self._last_folder: Path | None = None
        self.save_report: Callable[[str], None] | None = None

    def set_owner(self, owner: QWidget) -> None:
        """Open later dialogs over `owner`."""
        self._owner = owner

    # --- questions -------------------------------------------------------------------------------

    def ask(
        self,
        title: str,
        text: str = "",
        verbs: Sequence[Verb] = (),
        *,
        icon: str = "circle-question-mark",
        tone: str = "accent",
    ) -> str:
        """Ask `title` and return the key of the verb chosen; leaving by Esc is the safe verb.

        Exactly one verb is `safe`; it has the focus and Enter. Raises ValueError otherwise.
        """
        safe = [verb for verb in verbs if verb.safe]
        if len(safe) != 1:
            raise ValueError("A question has exactly one safe verb")
        keys = tuple(verb.key for verb in verbs)
        if self._answers is not None:
            answer = self._scripted(Asked("ask", title, text, keys))
            answer = safe[0].key if answer in (Answer.NO, Answer.LEAVE) else answer
            if answer not in keys:
                raise UnexpectedDialog(f"{title!r} has no verb {answer!r}, only {keys}")
            return str(answer)
        box = MessageBox(title, text, verbs, icon=icon, tone=tone, parent=self._owner)
        box.exec()
        return box.chosen or safe[0].key

    def confirm(self, title: str, text: str, verb: str, *, keep: str = "", destructive: bool = True) -> bool:
        """Ask before something that cannot be undone; True only when the person pressed `verb`.

        `title` and `verb` name the thing and count the rows ("Delete 3 contacts"); `keep` is the safe way.
        """
        keep = keep or _("Keep")
        if self._answers is not None:
            answer = self._scripted(Asked("confirm", title, text, (verb, keep)))
            return answer in (Answer.YES, True)
        verbs = (
            Verb("keep", keep, safe=True),
            Verb("do", verb, kind="danger" if destructive else "primary"),
        )
        look = ("triangle-alert", "danger") if destructive else ("circle-question-mark", "accent")
        box = MessageBox(title, text, verbs, icon=look[0], tone=look[1], parent=self._owner)
        box.exec()
        return box.chosen == "do"

    def input_text(
        self,
        title: str,
        label: str,
        text: str = "",
        *,
        verb: str = "",
        check: Callable[[str], str | None] | None = None,
        secret: bool = False,
    ) -> str | None:
        """Ask for one line, of which a `secret` one is not shown; None when the person leaves.

        `check` returns a sentence that says what is wrong with the text, or None; the dialog stays open.
        """
        if self._answers is not None:
            answer = self._scripted(Asked("input", title, label))
            return None if answer in (None, Answer.NO, Answer.LEAVE) else str(answer)
        box = InputBox(title, label, text, verb or _("OK"), check, self._owner, secret=secret)
        return box.text() if box.exec() else None

    # --- files -----------------------------------------------------------------------------------

    def choose_open_file(self, title: str, filters: str = "", folder: Path | None = None) -> Path | None:
        """Let the person choose a file to read; `filters` in Qt's form ("Excel (*.xlsx)"). None: left."""
        if self._answers is not None:
            return self._scripted_path(Asked("open", title, filters))
        name, _chosen = QFileDialog.getOpenFileName(self._owner, title, str(folder or self._usual_folder()), filters)
        return self._taken(Path(name)) if name else None

    def choose_save_file(self, title: str, name: str, filters: str = "", folder: Path | None = None) -> Path | None:
        """Let the person choose where to write; `name` is proposed. The system asks before overwriting."""
        if self._answers is not None:
            return self._scripted_path(Asked("save", title, name))
        proposed = str((folder or self._usual_folder()) / name)
        chosen, _filter = QFileDialog.getSaveFileName(self._owner, title, proposed, filters)
        return self._taken(Path(chosen)) if chosen else None

    def choose_folder(self, title: str, folder: Path | None = None) -> Path | None:
        """Let the person choose a folder. None: left."""
        if self._answers is not None:
            return self._scripted_path(Asked("folder", title))
        chosen = QFileDialog.getExistingDirectory(self._owner, title, str(folder or self._usual_folder()))
        return Path(chosen) if chosen else None

    def _usual_folder(self) -> Path:
        """Return where the last file was, at first the documents; never where the program was started."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return self._last_folder if self._last_folder and self._last_folder.is_dir() else Path(documents)

    def _taken(self, path: Path) -> Path:
        self._last_folder = path.parent
        return path

    # --- messages --------------------------------------------------------------------------------

    def show_error(self, error: BaseException, doing: str = "") -> None:
        """Show what went wrong and return at once.

        A `UserError` is its own sentence with its `remedy`; anything else is a bug and is shown as one,
        with the report folded. `doing` says what was tried ("Saving the contact").
        """
        if isinstance(error, UserError):
            title, text, details = str(error), str(getattr(error, "remedy", "") or ""), ""
        else:
            title = _("Something went wrong that the program did not foresee")
            said = _(
                "What you see is still there. Save the report and send it to the person who looks after the program."
            )
            text = f"{doing}. {said}" if doing else said
            details = "".join(traceback.format_exception(error))
        if self._answers is not None:
            self.asked.append(Asked("error", title, text or details))
            return
        if self._error_box is not None and self._error_box.isVisible():
            # One at a time: a broken connection fails many loads at once; the others are in the log.
            return
        box = MessageBox(
            title,
            text,
            (Verb("close", _("Close"), safe=True),),
            tone="danger",
            details=details,
            parent=self._owner,
        )
        if details:
            box.report_wanted.connect(self._save_report)
        self._error_box = box
        box.finished.connect(self._forget_error)
        box.open()

    def inform(self, title: str, text: str = "") -> None:
        """Show a sentence that needs no answer and return at once; a toast is nearly always better."""
        if self._answers is not None:
            self.asked.append(Asked("inform", title, text))
            return
        verbs = (Verb("close", _("Close"), safe=True),)
        box = MessageBox(title, text, verbs, icon="info", tone="accent", parent=self._owner)
        box.finished.connect(box.deleteLater)
        box.open()

    def _forget_error(self) -> None:
        if self._error_box is not None:
            self._error_box.deleteLater()
            self._error_box = None

    def _save_report(self, report: str) -> None:
        path = self.choose_save_file(_("Save the report"), "crm-desktop-report.txt", _("Text (*.txt)"))
        if path is None:
            return
        try:
            path.write_text(report, encoding="utf-8")
        except OSError:
            log.exception("the report could not be written")

    # --- for tests -------------------------------------------------------------------------------

    def will_answer(self, *answers: object) -> None:
        """Answer the next questions with `answers` in turn; from now on nothing opens.

        A verb's key for `ask`, an `Answer` or bool for `confirm`, text or None for `input_text`, a Path
        or None for files. With no answers it only forbids dialogs.
        """
        if self._answers is None:
            self._answers = deque()
        self._answers.extend(answers)

    @property
    def errors(self) -> list[str]:
        """Return the titles of the errors shown."""
        return [asked.title for asked in self.asked if asked.kind == "error"]

    def _scripted(self, asked: Asked) -> Any:
        self.asked.append(asked)
        if not self._answers:
            raise UnexpectedDialog(f"Nobody answers: {asked}")
        return self._answers.popleft()

    def _scripted_path(self, asked: Asked) -> Path | None:
        answer = self._scripted(asked)
        return Path(answer) if isinstance(answer, str | Path) else None
