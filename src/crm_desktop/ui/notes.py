"""Message strip: a sentence near its cause with an icon and one action, never a dialog."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button, IconButton
from crm_desktop.ui.fonts import px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.theme import set_ground

KINDS: Final = {
    # kind: (ground, ink of the icon, icon)
    "info": ("accent-soft", "accent", "info"),
    "success": ("success-soft", "success", "circle-check"),
    "warn": ("warn-soft", "warn", "triangle-alert"),
    "danger": ("danger-soft", "danger", "circle-alert"),
}


class Note(QFrame):
    """A strip that says one thing; hidden while it has nothing to say."""

    action_clicked = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: str = "info",
        text: str = "",
        action: str = "",
        *,
        icon: str = "",
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self._text = text_label("", wrap=True)
        self._action = Button("", "link")
        self._action.clicked.connect(self.action_clicked)
        self._close = IconButton("x", _("Dismiss this message"))
        self._close.setVisible(closable)
        self._close.clicked.connect(self._dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(6), px(12), px(6))
        row.setSpacing(px(10))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.setMinimumHeight(px(36))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.show_message(kind, text, action, icon=icon)

    def text(self) -> str:
        """Return the sentence shown, "" while hidden."""
        return self._said

    def show_message(self, kind: str, text: str, action: str = "", *, icon: str = "", lead: str = "") -> None:
        """Say `text`, after the stressed words `lead`; an empty text hides the strip.

        Raises KeyError for a kind that is not in `KINDS`.
        """
        ground, ink, usual = KINDS[kind]
        set_ground(self, ground)
        if text:
            set_icon(self._icon, icon or usual, ink)
        between = "" if not lead or text[:1] in ",.;:，。、；：" else " "
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setText(_marked_up(lead, between, text) if text else "")
        self._said = lead + between + text
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(self._said)
        self.setVisible(bool(text))
        if text and self.isVisible():
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Say nothing and take no room."""
        self._said = ""
        self._text.setText("")
        self.hide()

    def _dismiss(self) -> None:
        self.clear()
        self.closed.emit()


def _marked_up(lead: str, between: str, text: str) -> str:
    # Every first window has an empty strip; it does not wait for this.
    from html import escape

    stressed = f"<b style='font-weight:600'>{escape(lead)}</b>{between}" if lead else ""
    return stressed + escape(text)
