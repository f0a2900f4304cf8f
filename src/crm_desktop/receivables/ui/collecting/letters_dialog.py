"""The letters a customer got, and any of them as it went out."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from crm_desktop.receivables.collecting import dunning
from crm_desktop.receivables.collecting.dunning import Letter
from crm_desktop.reports.ui.preview import PdfPreview
from crm_desktop.shared.display import number_text
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.date_editor import shown_date
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import px
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.two_lines import DETAIL_ROLE, TwoLineDelegate

_ID_ROLE = Qt.ItemDataRole.UserRole + 1


def letter_words(one: Letter) -> tuple[str, str]:
    """Return what a letter is called, and what it was about."""
    first = _("Dunning level {level}").format(level=one.level) if one.level else _("Reminder before the day")
    sums = ", ".join(f"{money.currency} {number_text(money.amount)}" for money in one.sums)
    said = ngettext("{sums} for {count} instalment", "{sums} for {count} instalments", one.lines)
    return f"{first} · {shown_date(one.dated_on)}", said.format(sums=sums, count=one.lines)


def preview_bytes(
    desk: Desk, title: str, read: Callable[[Any], bytes], parent: QWidget, *, file_name: str = ""
) -> PdfPreview:
    """Open the preview of a PDF that is made or kept elsewhere; `read(work)` returns it."""
    # The drawing library is loaded when the first paper is shown.
    from crm_desktop.reports.pages import page_sizes
    from crm_desktop.reports.paper_pdf import Printed

    name = file_name or "".join("-" if char in '\\/:*?"<>|' else char for char in title) + ".pdf"

    def draw(data: bytes) -> Printed:
        return Printed(data, len(page_sizes(data)))

    preview = PdfPreview(desk, title, read, draw, name, parent=parent.window())
    preview.show()
    return preview


class LettersDialog(SheetDialog):
    """A line per letter, the latest on top; Enter reads it."""

    def __init__(self, desk: Desk, contact_id: int, name: str, parent: QWidget) -> None:
        super().__init__(_("Letters to {customer}").format(customer=name), _("Read"), parent=parent)
        self._desk, self._name = desk, name
        self.list = QListView()
        self.list.setModel(QStandardItemModel(self.list))
        self.list.setItemDelegate(TwoLineDelegate(self.list, "mail"))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(self.windowTitle())
        self.list.setMinimumHeight(px(220))
        self.list.doubleClicked.connect(self._read_letter)
        self.leave.setText(_("Close"))
        self.go.setEnabled(False)
        self.go.clicked.connect(self._read_letter)
        self.body.addWidget(self.list)
        self.preview: PdfPreview | None = None
        desk.tasks.read(self, lambda work: dunning.letters(work, contact_id), self._show)

    def _show(self, letters: Sequence[Letter]) -> None:
        model = self.list.model()
        assert isinstance(model, QStandardItemModel)
        for one in letters:
            first, second = letter_words(one)
            item = QStandardItem(first)
            item.setData(second, DETAIL_ROLE)
            item.setData(one.id, _ID_ROLE)
            model.appendRow(item)
        self.go.setEnabled(bool(letters))
        self.list.setVisible(bool(letters))
        if letters:
            self.list.setCurrentIndex(model.index(0, 0))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.explain(_("No letter was sent to this customer yet."))
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_letter(self, _index: QModelIndex | bool = False) -> None:
        letter_id = self.list.currentIndex().data(_ID_ROLE)
        if letter_id is None:
            return
        title = _("Letter to {customer}").format(customer=self._name)
        self.preview = preview_bytes(self._desk, title, lambda work: dunning.letter_pdf(work, letter_id), self)
