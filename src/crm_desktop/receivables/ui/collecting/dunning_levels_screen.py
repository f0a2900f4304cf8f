"""Settings → Dunning letters: after how many days which letter goes out, in the customer's language."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.collecting.dunning_rules import Level
from crm_desktop.shared.i18n import LANGUAGES, N_, _, current_language, ngettext
from crm_desktop.ui.choice_editors import ChoiceEditor, TickEditor
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.fonts import px
from crm_desktop.ui.kept_screen import KeptScreen
from crm_desktop.ui.stored_dialog import StoredDialog
from crm_desktop.ui.text_editors import LineEditor, NoteEditor, NumberEditor

PARTS = ("subject", "body")


class DunningLevelsScreen(KeptScreen):
    """The levels in order; the reminder before the day is level 0."""

    page_title = N_("Dunning letters")
    page_icon = "mail"
    entities = ("dunning_level",)

    def __init__(self, desk: Desk) -> None:
        self.levels: Sequence[Level] = ()
        super().__init__(desk)

    def read(self, work: Any) -> tuple[Level, ...]:
        """Return the levels."""
        return dunning.levels(work)

    def columns(self, found: Sequence[Level]) -> Sequence[QWidget]:
        """Return the one column."""
        self.levels = found
        text = _(
            "A customer gets one letter, of the highest level whose days have passed, but at most one above the last. "
            "What is disputed stays out. Negative days remind before the day."
        )
        part, column = self.column(_("Levels"), text, _("Add a level"), lambda: self.edit(None))
        for level in found:
            column.addWidget(self.row(level_name(level), level_text(level), lambda one=level: self.edit(one)))
        column.addStretch(1)
        return (part,)

    def edit(self, level: Level | None) -> None:
        """Open a level, None for one above the highest."""
        number = level.level if level is not None else max((one.level for one in self.levels), default=0) + 1
        LevelDialog(self.desk, number, level, self).open()


def level_name(level: Level) -> str:
    """Return what a level is called in the list."""
    named = _("Dunning level {level}").format(level=level.level) if level.level else _("Reminder before the day")
    return named if level.active else _("{name} (put away)").format(name=named)


def level_text(level: Level) -> str:
    """Return in one line when its letter goes out and what stands above it."""
    days = abs(level.days)
    when = (
        ngettext("{count} day before it is due", "{count} days before it is due", days)
        if level.days < 0
        else ngettext("{count} day overdue", "{count} days overdue", days)
    )
    subject = level.texts.get(current_language(), {}).get("subject", "")
    return " · ".join(word for word in (when.format(count=days), subject) if word)


class LetterEditor(NoteEditor):
    """The words of a letter."""

    FEWEST_LINES = 10


class LevelDialog(StoredDialog):
    """Days and words of a level, one language at a time."""

    def __init__(self, desk: Desk, number: int, level: Level | None, parent: QWidget) -> None:
        title = _("Dunning level {level}").format(level=number) if number else _("Reminder before the day")
        text = _(
            "The list of what is open follows the words. {day}, {company} and {customer} are put in where they stand."
        )
        super().__init__(desk, title, parent, width=640, text=text)
        self._level, self._number = level, number
        self._texts = {key: dict(words) for key, words in (level.texts if level is not None else {}).items()}
        self.days = NumberEditor("days", _("Days overdue"), 8, decimals=0)
        self.days.set_value(level.days if level is not None else None)
        self.active = TickEditor("active", _("This letter goes out"))
        self.active.set_value(level is None or level.active)
        self.language = ChoiceEditor("language", _("Language"), list(LANGUAGES.items()), None, 16)
        self.subject = LineEditor("subject", _("Subject"), 60)
        self.words = LetterEditor("body", _("Letter"))
        self._shown = current_language()
        self.language.set_value(self._shown)
        self._show_words()
        self.language.edited.connect(self._change_language)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.add(self.days, needed=True))
        row.addWidget(FieldBox(self.language.label, self.language.widget))
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(FieldBox(self.subject.label, self.subject.widget))
        self.texts_box = self.add(self.words)
        self._boxes["texts"] = self.texts_box
        self.body.addWidget(self.texts_box)
        self.body.addWidget(self.active.widget)
        self.body.addStretch(1)
        self.days.focus()

    def job(self) -> Callable[[Any], Any] | None:
        if (problem := self.days.problem()) is not None:
            self._boxes["days"].set_error(problem)
            return None
        self._keep_words()
        number, version = self._number, self._level.version if self._level is not None else 0
        values = {"days": self.days.value(), "active": self.active.value(), "texts": self._texts}
        return lambda work: dunning.save_level(work, number, version, values)

    def _change_language(self) -> None:
        self._keep_words()
        self._shown = str(self.language.value())
        self._show_words()

    def _keep_words(self) -> None:
        words = {name: str(editor.value()) for name, editor in zip(PARTS, (self.subject, self.words), strict=True)}
        if any(words.values()):
            self._texts[self._shown] = words
        else:
            self._texts.pop(self._shown, None)

    def _show_words(self) -> None:
        words = self._texts.get(self._shown, {})
        for name, editor in zip(PARTS, (self.subject, self.words), strict=True):
            editor.set_value(words.get(name, ""))
