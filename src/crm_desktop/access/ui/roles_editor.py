"""Roles as boxes to tick, each with what it means."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from crm_desktop.access.rules import OWNER, ROLES
from crm_desktop.shared.i18n import _
from crm_desktop.ui.editor import Editor
from crm_desktop.ui.fonts import LABEL, REGULAR, px
from crm_desktop.ui.labels import text_label


class RolesEditor(Editor):
    """The shipped roles; `may_make_owners` decides whether "Owner" can be ticked."""

    def __init__(self, label: str, *, may_make_owners: bool) -> None:
        self._boxes = {key: QCheckBox(_(role.label)) for key, role in ROLES.items()}
        widget = QWidget()
        grid = QGridLayout(widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for line, (key, box) in enumerate(self._boxes.items()):
            box.setAccessibleDescription(_(ROLES[key].explains))
            grid.addWidget(box, line, 0, Qt.AlignmentFlag.AlignTop)
            explains = text_label(_(ROLES[key].explains), LABEL, REGULAR, "muted", wrap=True)
            # In line with the word beside the box, which is set a size larger.
            explains.setContentsMargins(0, px(1), 0, 0)
            grid.addWidget(explains, line, 1, Qt.AlignmentFlag.AlignTop)
        super().__init__("roles", label, widget)
        self._boxes[OWNER].setEnabled(may_make_owners)
        self.watch(*self._boxes.values())
        for box in self._boxes.values():
            box.clicked.connect(self.notice)

    def value(self) -> tuple[str, ...]:
        """Return the keys of the ticked roles in their order."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def fill(self, value: Any) -> None:
        """Tick the roles in `value`."""
        for key, box in self._boxes.items():
            box.setChecked(key in (value or ()))

    def box(self, role: str) -> QCheckBox:
        """Return the box of one role."""
        return self._boxes[role]

    def parts(self) -> tuple[QWidget, ...]:
        """Return the boxes."""
        return tuple(self._boxes.values())
