"""What came of a step, large: an icon in its colour, a heading, a sentence or two."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label


class Verdict(QWidget):
    """Said again whenever the work goes on; screen readers hear the whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setFixedSize(px(36), px(36))
        self.heading = text_label("", SECTION, SEMIBOLD, wrap=True)
        self.sentence = text_label("", BODY, REGULAR, "text2", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.setSpacing(px(6))
        texts.addWidget(self.heading)
        texts.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def say(self, icon: str, ink: str, heading: str, sentence: str = "") -> None:
        """Show `heading` and `sentence` beside the icon in the token `ink`."""
        set_icon(self._picture, icon, ink, 32)
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"{heading}. {sentence}")
        if self.isVisible():
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
