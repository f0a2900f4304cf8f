"""Where a file is dropped, before there is one; or browsed for, or made from a template."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ImportTarget
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.theme import set_ground, token

_FRAME_WIDTH_PX, _FRAME_HEIGHT_PX = 520, 240


class _Frame(QWidget):
    """A dashed frame: the sign of a place to drop on."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(token("field"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(token("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class DropZone(QWidget):
    """Says what can be dropped; offers Browse, and a template to fill in."""

    browse_wanted = Signal()
    template_wanted = Signal(str)
    """Carries the name of a target."""

    def __init__(self, targets: Sequence[ImportTarget], preset: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        frame = _Frame()
        frame.setMinimumSize(px(_FRAME_WIDTH_PX), px(_FRAME_HEIGHT_PX))
        self.browse = Button(_("Choose a file…"), "primary", icon="folder-open")
        self.browse.clicked.connect(self.browse_wanted)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(px(24), px(24), px(24), px(24))
        inside.setSpacing(px(8))
        picture = QLabel()
        set_icon(picture, "file-spreadsheet", "muted", 32)
        inside.addStretch(1)
        inside.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for text, size, weight, ink in (
            (_("Drop a file here"), SECTION, SEMIBOLD, "text"),
            (_("Excel, OpenDocument, text with commas or tabs, or vCard, as it is."), BODY, REGULAR, "text2"),
            (_("Nothing is written before you have seen what would happen."), BODY, REGULAR, "text2"),
        ):
            inside.addWidget(text_label(text, size, weight, ink), 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addSpacing(px(8))
        inside.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addSpacing(px(12))
        whole.addLayout(self._template_row(targets, preset))
        whole.addStretch(3)
        self.setFocusProxy(self.browse)

    def _template_row(self, targets: Sequence[ImportTarget], preset: str) -> QHBoxLayout:
        self.kinds = QComboBox()
        self.kinds.setAccessibleName(_("Template for"))
        for target in targets:
            self.kinds.addItem(_(target.label), target.name)
        self.choose_kind(preset)
        self.template = Button(_("Save a template…"), "plain", icon="download")
        self.template.clicked.connect(lambda: self.template_wanted.emit(str(self.kinds.currentData() or "")))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch(1)
        row.addWidget(text_label(_("No file yet? Fill in a workbook made for it:"), LABEL, REGULAR, "muted"))
        row.addWidget(self.kinds)
        row.addWidget(self.template)
        row.addStretch(1)
        return row

    def choose_kind(self, name: str) -> None:
        """Offer the template of another target."""
        if (place := self.kinds.findData(name)) >= 0:
            self.kinds.setCurrentIndex(place)
