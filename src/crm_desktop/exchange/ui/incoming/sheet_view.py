"""A file that was read: how its text was taken, its sheets, and the first rows of the one in front."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from crm_desktop.exchange.book import Book
from crm_desktop.exchange.ui.incoming import words
from crm_desktop.exchange.ui.incoming.preview import ROWS_SHOWN, SheetPreview
from crm_desktop.exchange.ui.incoming.reading import SheetPlan
from crm_desktop.exchange.ui.incoming.sheets import SheetChooser
from crm_desktop.shared.i18n import _
from crm_desktop.shared.importing import ImportTarget
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import LABEL, MEDIUM, REGULAR, SECTION, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import caption, hairline, text_label
from crm_desktop.ui.theme import set_ground

_SPIN_PX = 64


class SheetView(QWidget):
    """Shows a book; what is corrected here is told by signals."""

    browse_wanted = Signal()
    read_again_wanted = Signal()
    """Other characters or another delimiter were chosen."""
    header_chosen = Signal(int, int)
    """First and last row of the header, from 0; -1 for none."""

    def __init__(self, targets: Sequence[ImportTarget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self._targets = targets
        self._name = text_label("", SECTION, MEDIUM)
        self._kind = text_label("", LABEL, REGULAR, "muted")
        self.another = Button(_("Another file…"), "quiet", icon="folder-open")
        self.another.clicked.connect(self.browse_wanted)
        self.encodings = self._combo(_("Characters"))
        self.delimiters = self._combo(_("Columns divided by"))
        self.sheets = SheetChooser()
        self.first, self.last = self._spin(_("First row of the header")), self._spin(_("Last row of the header"))
        self.preview = SheetPreview()
        self.preview.header_chosen.connect(lambda row: self.header_chosen.emit(row, row))
        self._left_out = text_label("", LABEL, REGULAR, "muted", wrap=True)
        self._lay_out()

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.activated.connect(lambda _index: self.read_again_wanted.emit())
        return combo

    def _spin(self, name: str) -> QSpinBox:
        spin = QSpinBox()
        spin.setAccessibleName(name)
        spin.setRange(0, ROWS_SHOWN)
        spin.setSpecialValueText(_("none"))
        spin.setKeyboardTracking(False)
        spin.setFixedWidth(px(_SPIN_PX))
        spin.setProperty("dense", True)
        spin.valueChanged.connect(lambda _value: self._take_spins())
        return spin

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._file_row())
        self._text_row = self._make_text_row()
        column.addWidget(self._text_row)
        column.addWidget(self.sheets)
        self._header_row = self._make_header_row()
        column.addWidget(self._header_row)
        column.addWidget(hairline())
        column.addWidget(self.preview, 1)

    def _file_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(16), px(12), px(16), px(8))
        row.setSpacing(px(10))
        picture = QLabel()
        set_icon(picture, "file-spreadsheet", "accent")
        for widget in (picture, self._name, self._kind):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.another)
        return row

    def _make_text_row(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(px(16), 0, px(16), px(8))
        row.setSpacing(px(16))
        self._divided: QWidget | None = None
        for label, combo in ((_("Characters"), self.encodings), (_("Columns divided by"), self.delimiters)):
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(px(3))
            column.addWidget(caption(label))
            column.addWidget(combo)
            row.addWidget(box)
            self._divided = box
        row.addStretch(1)
        return whole

    def _make_header_row(self) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(px(16), px(6), px(16), px(6))
        row.setSpacing(px(8))
        row.addWidget(text_label(_("Header in row")))
        row.addWidget(self.first)
        row.addWidget(text_label(_("to")))
        row.addWidget(self.last)
        hint = text_label(_("or click the row below"), LABEL, REGULAR, "muted")
        row.addWidget(hint)
        row.addSpacing(px(12))
        row.addWidget(self._left_out, 1)
        return whole

    # Showing

    def show_book(self, book: Book, plans: Sequence[SheetPlan]) -> None:
        """Show another file, or the same one read in another way."""
        self._name.setText(book.path.name)
        self._kind.setText(words.kind_of(book))
        self._text_row.setVisible(book.kind in words.TEXT_KINDS)
        if self._divided is not None:
            self._divided.setVisible(bool(book.delimiter))
        self._offer_encodings(book.encoding)
        self.delimiters.clear()
        for key, label in words.DELIMITERS:
            self.delimiters.addItem(_(label), key)
        self.delimiters.setCurrentIndex(self.delimiters.findData(book.delimiter))
        self.sheets.show_plans(plans, self._targets)
        self.sheets.setVisible(bool(plans))

    def ask_encoding(self, path: Path, candidates: Sequence[str]) -> None:
        """Show a text whose characters could not be told: which ones are they?"""
        self._name.setText(path.name)
        self._kind.setText(_("Text"))
        self._text_row.setVisible(True)
        if self._divided is not None:
            self._divided.setVisible(False)
        self._offer_encodings("", candidates)
        self.delimiters.clear()
        self.sheets.hide()
        self.show_plan(None)

    def _offer_encodings(self, chosen: str, candidates: Sequence[str] = ()) -> None:
        from crm_desktop.exchange.reading.files import encodings_offered

        self.encodings.clear()
        if not chosen:
            self.encodings.addItem(_("Choose…"), "")
        offered = list(encodings_offered())
        offered += [(name, name) for name in candidates if name not in dict(offered)]
        # What it may be stands first.
        offered.sort(key=lambda one: one[0] not in candidates)
        for name, label in offered:
            self.encodings.addItem(_(label), name)
        if chosen and self.encodings.findData(chosen) < 0:
            self.encodings.addItem(chosen, chosen)
        self.encodings.setCurrentIndex(max(0, self.encodings.findData(chosen)))

    def show_plan(self, plan: SheetPlan | None) -> None:
        """Show the rows of one sheet, and what they are taken for."""
        draft = plan.draft if plan is not None else None
        header = draft.header_rows if draft is not None else ()
        left_out = draft.left_out if draft is not None else {}
        self.preview.show_sheet(plan.sheet if plan is not None else None, header, left_out)
        self._header_row.setVisible(plan is not None)
        self._header_row.setEnabled(draft is not None)
        self.preview.horizontalHeader().setVisible(plan is not None)
        self._left_out.setText(words.left_out_words(left_out))
        with QSignalBlocker(self.first), QSignalBlocker(self.last):
            self.first.setValue(header[0] + 1 if header else 0)
            self.last.setValue(header[-1] + 1 if header else 0)

    @property
    def encoding(self) -> str:
        """Return the chosen encoding, "" to find it out."""
        return str(self.encodings.currentData() or "")

    @property
    def delimiter(self) -> str:
        """Return the chosen delimiter, "" to find it out."""
        return str(self.delimiters.currentData() or "")

    def _take_spins(self) -> None:
        """Tell the rows of the header; none at all when one of the two says so."""
        first, last = self.first.value() - 1, self.last.value() - 1
        if self.sender() is self.last and last < first:
            first = last
        self.header_chosen.emit(first, max(first, last) if first >= 0 else -1)

    def focusInEvent(self, _event: object) -> None:
        """Hand the keyboard to the first thing to decide."""
        kinds = self.sheets.kinds
        (kinds[0] if kinds else self.another).setFocus(Qt.FocusReason.OtherFocusReason)
