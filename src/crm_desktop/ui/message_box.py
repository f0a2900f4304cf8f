"""The windows behind `dialogs`: a sentence, why, what to do; verbs on the buttons, the safe one default."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, HINT, REGULAR, SECTION, SEMIBOLD, px, set_font
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label


@dataclass(frozen=True)
class Verb:
    """A button of a question: its key for the caller, its words, how it looks, and whether it is safe."""

    key: str
    text: str
    kind: str = "plain"
    safe: bool = False


class MessageBox(QDialog):
    """What happened, why, what to do; details for the IT person folded."""

    report_wanted = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        verbs: Sequence[Verb],
        *,
        icon: str = "circle-alert",
        tone: str = "accent",
        details: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.chosen = ""
        self._report = details
        self.setWindowTitle(_("CRM Desktop"))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        picture = QLabel()
        set_icon(picture, icon, tone, 20)
        words = QVBoxLayout()
        words.setSpacing(px(6))
        for line, size, weight, ink in ((title, SECTION, SEMIBOLD, "text"), (text, BODY, REGULAR, "text2")):
            if line:
                label = text_label(line, size, weight, ink, wrap=True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                label.setMinimumWidth(px(380))
                words.addWidget(label)
        if details:
            self._add_details(words)
        top = QHBoxLayout()
        top.setSpacing(px(14))
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(16))
        column.setSpacing(px(18))
        column.addLayout(top, 1)
        column.addLayout(self._verbs_row(verbs))
        # Only now it stands in the window; else the first button would have the ring, and Enter another.
        self._default.setFocus()
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)

    def _add_details(self, words: QVBoxLayout) -> None:
        self._unfold = Button(_("Details for your IT person"), "link", icon="chevron-right")
        self._unfold.clicked.connect(self._toggle_details)
        self._details = QPlainTextEdit(self._report)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(_("Details for your IT person"))
        self._details.setMinimumSize(px(520), px(180))
        set_font(self._details, HINT)
        self._details.hide()
        words.addSpacing(px(4))
        words.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._details, 1)

    def _toggle_details(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self._unfold.set_icon_name("chevron-down" if shown else "chevron-right")
        self.adjustSize()

    def _verbs_row(self, verbs: Sequence[Verb]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        if self._report:
            for text, act in ((_("Save report..."), self._want_report), (_("Copy"), self._copy)):
                button = Button(text, "link")
                button.clicked.connect(act)
                button.setAutoDefault(False)
                row.addWidget(button)
                row.addSpacing(px(8))
        row.addStretch()
        for verb in verbs:
            button = Button(verb.text, verb.kind)
            button.setObjectName(verb.key)
            button.setAutoDefault(verb.safe)
            button.setDefault(verb.safe)
            button.clicked.connect(lambda _checked=False, key=verb.key: self._choose(key))
            row.addWidget(button)
            if verb.safe:
                self._default = button
        return row

    def _choose(self, key: str) -> None:
        self.chosen = key
        self.accept()

    def _want_report(self) -> None:
        self.report_wanted.emit(self._report)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)


class InputBox(QDialog):
    """One line of text with a check; stays open while the check has something to say."""

    def __init__(
        self,
        title: str,
        label: str,
        text: str,
        verb: str,
        check: Callable[[str], str | None] | None,
        parent: QWidget | None,
        *,
        secret: bool = False,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self.setWindowTitle(title)
        self._line = PasswordEdit() if secret else QLineEdit()
        self._line.setText(text)
        self._line.selectAll()
        self._box = FieldBox(label, self._line)
        self._box.setMinimumWidth(px(340))
        cancel, accept = Button(_("Cancel")), Button(verb, "primary")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        accept.setDefault(True)
        accept.clicked.connect(self._try)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(20), px(20), px(16))
        column.setSpacing(px(14))
        column.addWidget(text_label(title, SECTION, SEMIBOLD))
        column.addWidget(self._box)
        column.addLayout(row)

    def text(self) -> str:
        """Return the text without blanks around it."""
        return self._line.text().strip()

    def _try(self) -> None:
        problem = self._check(self.text()) if self._check else None
        self._box.set_error(problem)
        if problem:
            self._line.setFocus()
            return
        self.accept()
