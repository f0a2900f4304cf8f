"""A field of a form: label above, editor, and the error with its icon under it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.icons import icon, set_icon
from crm_desktop.ui.labels import caption, text_label
from crm_desktop.ui.theme import set_ink, set_property, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

DATE_PX, AMOUNT_PX, PHONE_PX, CODE_PX = 132, 130, 170, 120


class FieldBox(QWidget):
    """Label and editor as one part of a layout; the label is the editor's name for screen readers."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        needed: bool = False,
        optional: bool = False,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._error = ""
        self.label = caption(_marked(label, needed=needed, optional=optional))
        self.label.setBuddy(editor)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        self._icon = QLabel()
        self._below = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self._below.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        column.addWidget(self.label)
        column.addWidget(editor)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(5))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._below, 1)
        column.addWidget(self._foot)
        column.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._show_below()

    @property
    def error(self) -> str:
        """Return the sentence of the error, "" when there is none."""
        return self._error

    def set_error(self, text: str | None, kind: str = "danger") -> None:
        """Show `text` under the field ("warn" does not mark the field); nothing or "" takes it away."""
        self._error = text or ""
        set_property(self.editor, "error", bool(self._error) and kind == "danger")
        self.editor.setAccessibleDescription(self._error or self._hint)
        self._show_below(kind)
        if self._error:
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            QAccessible.updateAccessibility(QAccessibleEvent(self.editor, QAccessible.Event.DescriptionChanged))

    def set_hint(self, text: str) -> None:
        """Show `text` in muted under the field while there is no error."""
        self._hint = text
        self._show_below()

    def _show_below(self, kind: str = "danger") -> None:
        said = self._error or self._hint
        self._foot.setVisible(bool(said))
        self._icon.setVisible(bool(self._error))
        if self._error:
            set_icon(self._icon, "circle-alert" if kind == "danger" else "triangle-alert", kind, 14)
        set_ink(self._below, kind if self._error else "muted")
        self._below.setText(said)


def _marked(label: str, *, needed: bool, optional: bool) -> str:
    if needed:
        return _("{label} (needed)").format(label=label)
    if optional:
        return _("{label} (if any)").format(label=label)
    return label


def set_read_only(editor: QWidget, read_only: bool) -> None:
    """Show `editor` on `sunken` with a quiet border and refuse typing, or take that back."""
    from PySide6.QtWidgets import QPlainTextEdit

    if isinstance(editor, QLineEdit | QPlainTextEdit):
        editor.setReadOnly(read_only)
        # `readOnly` is a Qt property; the style sheet reads it only when the widget is polished again.
        editor.style().unpolish(editor)
        editor.style().polish(editor)
    else:
        editor.setEnabled(not read_only)


def widen_to(editor: QWidget, length_px: int) -> None:
    """Fix the width of `editor` to `length_px`, named at 100 %."""
    editor.setFixedWidth(px(length_px))


class PasswordEdit(QLineEdit):
    """A password with an eye that shows it, there once something is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye: QAction | None = None
        self.textChanged.connect(self._offer_eye)
        theme().changed.connect(self._draw_eye)

    def _offer_eye(self, text: str) -> None:
        if self._eye is None:
            from PySide6.QtGui import QAction

            self._eye = QAction(self)
            self._eye.setCheckable(True)
            self._eye.toggled.connect(self._reveal)
            self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
            self._reveal(False)
        self._eye.setVisible(bool(text))

    def _reveal(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        if self._eye is not None:
            self._eye.setText(_("Hide the password") if shown else _("Show the password"))
            self._eye.setToolTip(self._eye.text())
            self._draw_eye()

    def _draw_eye(self) -> None:
        if self._eye is not None:
            self._eye.setIcon(icon("eye-off" if self._eye.isChecked() else "eye", "muted"))
