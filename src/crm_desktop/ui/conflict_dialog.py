"""Two people changed the same fields: mine, theirs and what it was, one choice per field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.shared.merge import Difference
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, MEDIUM, SECTION, SEMIBOLD, px
from crm_desktop.ui.labels import caption, hairline, text_label

MINE, THEIRS, KEEP = "mine", "theirs", "keep"
LONGEST_TEXT = 160
"""Characters of a long note shown here; the whole stands in the tooltip."""


class ConflictDialog(QDialog):
    """Asks which value to keep for each field both people changed.

    `labels` and `shown` give the words of a field and a value. When the dialog is finished, `outcome`
    is "mine" (save `choices()`), "theirs" or "keep" (go on typing); Escape keeps typing.
    """

    def __init__(
        self,
        conflicts: Sequence[Difference],
        labels: Mapping[str, str],
        shown: Callable[[str, Any], str],
        changed_by: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._conflicts = tuple(conflicts)
        self._groups: dict[str, QButtonGroup] = {}
        self.outcome = KEEP
        who = changed_by or _("Somebody else")
        self.setWindowTitle(_("Two people changed this record"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(px(640))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 18, 20, 16)
        outer.setSpacing(12)
        count = len(self._conflicts)
        title = ngettext(
            "{who} changed the same field while you were typing",
            "{who} changed the same {count} fields while you were typing",
            count,
        ).format(who=who, count=count)
        outer.addWidget(text_label(title, SECTION, SEMIBOLD, wrap=True))
        outer.addWidget(
            text_label(
                _("Choose what to keep in each row. Changes to other fields are kept from both of you."),
                ink="text2",
                wrap=True,
            )
        )
        outer.addWidget(self._table(labels, shown, who), 1)
        outer.addLayout(self._buttons())

    def _table(self, labels: Mapping[str, str], shown: Callable[[str, Any], str], who: str) -> QScrollArea:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        heads = (_("Field"), _("Before"), _("Mine"), _("From {who}").format(who=who))
        for column, head in enumerate(heads):
            grid.addWidget(caption(head), 0, column)
            grid.setColumnStretch(column, (0, 2, 3, 3)[column])
        for number, conflict in enumerate(self._conflicts):
            row = 2 * number + 2
            grid.addWidget(hairline(), row - 1, 0, 1, 4)
            self._add_row(grid, row, conflict, labels.get(conflict.name, conflict.name), shown)
        grid.setRowStretch(2 * len(self._conflicts) + 2, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setMinimumHeight(min(px(420), grid.totalHeightForWidth(px(600)) + 12))
        return scroll

    def _add_row(
        self,
        grid: QGridLayout,
        row: int,
        conflict: Difference,
        label: str,
        shown: Callable[[str, Any], str],
    ) -> None:
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(text_label(label, BODY, MEDIUM), row, 0, top)
        before = text_label(_value(shown, conflict.name, conflict.original), ink="muted", wrap=True)
        grid.addWidget(before, row, 1, top)
        group = QButtonGroup(self)
        self._groups[conflict.name] = group
        sides = ((MINE, conflict.mine, _("mine")), (THEIRS, conflict.theirs, _("theirs")))
        for place, (_side, value, word) in enumerate(sides):
            text = _value(shown, conflict.name, value)
            cell = QWidget()
            line = QHBoxLayout(cell)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            choice = QRadioButton()
            choice.setObjectName(f"{_side}_{conflict.name}")
            choice.setAccessibleName(_("{label}, {side}: {value}").format(label=label, side=word, value=text))
            choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            words = text_label(_shortened(text), wrap=True)
            words.setToolTip(text if len(text) > LONGEST_TEXT else "")
            words.setBuddy(choice)
            # A click on the words is a click on the button before them.
            words.mousePressEvent = lambda _event, choice=choice: choice.setChecked(True)
            line.addWidget(choice, 0, top)
            line.addWidget(words, 1, top)
            group.addButton(choice, place)
            grid.addWidget(cell, row, 2 + place, top)
        group.button(0).setChecked(True)

    def _buttons(self) -> QHBoxLayout:
        keep = Button(_("Keep editing"), key="Esc")
        theirs = Button(_("Take theirs"))
        theirs.setToolTip(_("Take their value in every row above"))
        save = Button(_("Save my choices"), "primary", key="Ctrl+Return")
        keep.clicked.connect(self.reject)
        theirs.clicked.connect(lambda: self._finish(THEIRS))
        save.clicked.connect(lambda: self._finish(MINE))
        # Enter must not decide by accident while somebody is still typing into the form.
        for button in (keep, theirs, save):
            button.setAutoDefault(False)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(save.click)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(keep)
        row.addStretch(1)
        row.addWidget(theirs)
        row.addWidget(save)
        return row

    def _finish(self, outcome: str) -> None:
        self.outcome = outcome
        self.accept()

    def choices(self) -> dict[str, Any]:
        """Return the chosen value of every field in conflict."""
        return {
            conflict.name: conflict.mine if self._groups[conflict.name].checkedId() == 0 else conflict.theirs
            for conflict in self._conflicts
        }


def _value(shown: Callable[[str, Any], str], name: str, value: Any) -> str:
    return shown(name, value) or _("(empty)")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
