"""The frame of a dialog: what it is about on top, verbs at the foot, Esc leaves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import hairline, text_label


class SheetDialog(QDialog):
    """A window-modal dialog; fill `body`, then connect `go`, the button with the verb."""

    def __init__(
        self, title: str, verb: str, text: str = "", *, width: int = 460, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(px(width))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(px(20), px(18), px(20), px(16))
        self.body.setSpacing(px(12))
        self.heading = text_label(title, SECTION, SEMIBOLD, wrap=True)
        self.body.addWidget(self.heading)
        self.explanation = text_label(text, BODY, REGULAR, "text2", wrap=True)
        self.explanation.setVisible(bool(text))
        self.body.addWidget(self.explanation)
        outer.addLayout(self.body, 1)
        outer.addWidget(hairline())
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(px(20), px(11), px(20), px(11))
        self.foot.setSpacing(px(8))
        self.foot.addStretch(1)
        self.leave = Button(_("Cancel"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        self.go = Button(verb, "primary")
        self.go.setObjectName("go")
        self.go.setDefault(True)
        self.foot.addWidget(self.leave)
        self.foot.addWidget(self.go)
        outer.addLayout(self.foot)

    def explain(self, text: str) -> None:
        """Say `text` under the title."""
        self.explanation.setText(text)
        self.explanation.setVisible(bool(text))
