"""The preview of a paper: the PDF itself, to be printed, saved or sent by mail."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.reports.mail_draft import Mail, draft_of
from crm_desktop.reports.pages import page_sizes
from crm_desktop.reports.paper_pdf import Printed
from crm_desktop.reports.ui.pdf_pages import PdfPages
from crm_desktop.reports.ui.printing import ChoosePrinter, Printing, ask_for_printer
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import IconButton, button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.labels import grounded, hairline, text_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.theme import set_ground

_ACTIONS: Final = (
    ActionSpec("previous_page", N_("Previous page"), icon="chevron-left", shortcut="Left"),
    ActionSpec("next_page", N_("Next page"), icon="chevron-right", shortcut="Right"),
    ActionSpec("first_page", N_("First page"), shortcut="Home"),
    ActionSpec("last_page", N_("Last page"), shortcut="End"),
    ActionSpec("zoom_out", N_("Smaller"), icon="minus", shortcut=QKeySequence.StandardKey.ZoomOut),
    ActionSpec("zoom_in", N_("Larger"), icon="plus", shortcut=QKeySequence.StandardKey.ZoomIn),
    ActionSpec("fit_width", N_("As wide as the window"), shortcut="Ctrl+0"),
    ActionSpec("mail_pdf", N_("Email…"), N_("Open a new message with the PDF attached"), "mail", "Ctrl+E"),
    ActionSpec("save_pdf", N_("Save PDF…"), icon="download", shortcut=QKeySequence.StandardKey.Save),
    ActionSpec("print_pdf", N_("Print…"), icon="printer", shortcut=QKeySequence.StandardKey.Print),
)


@cache
def _drafts_folder() -> Path:
    """Return where drafts lie, for the owner's eyes only; the mail program reads them when it likes."""
    folder = tempfile.mkdtemp(prefix="crm-desktop-mail-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


class PdfPreview(QDialog):
    """Shows what `compose(work)` and `draw` make: the one reads on the database lane, the other draws.

    `draw` is `paper_pdf` or `table_pdf`. `refresh` makes everything again. Print, Save and Email are
    offered as soon as the PDF is there; characters no font has are named above the pages.
    """

    taken = Signal(str)
    """It was taken out: "mail", "print" or "save"."""

    def __init__(
        self,
        desk: Desk,
        title: str,
        compose: Callable[[Any], Any],
        draw: Callable[[Any], Printed],
        file_name: str,
        *,
        mail: Mail | None = None,
        choose_printer: ChoosePrinter = ask_for_printer,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.printed: Printed | None = None
        self._title, self._compose, self._draw = title, compose, draw
        self._file_name, self._mail, self._choose_printer = file_name, mail or Mail(), choose_printer
        self._sizes: tuple[tuple[float, float], ...] = ()
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        set_ground(self, "window")
        self.actions_here = ActionSet(self, _ACTIONS)
        self.pages = PdfPages(desk.tasks)
        self.note = Note()
        self.note.clear()
        self._place = text_label("", BODY, REGULAR, "text2")
        self._scale = text_label("", BODY, REGULAR, "text2")
        self._lay_out()
        self._connect()
        self.resize(px(900), px(880))
        self._offer(False)
        self.pages.setFocus()
        self.refresh()

    def _lay_out(self) -> None:
        bar = grounded("surface")
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(6))
        for name, after in (
            ("previous_page", None),
            ("next_page", self._place),
            ("zoom_out", None),
            ("zoom_in", self._scale),
        ):
            row.addWidget(self._icon_button(name))
            if after is not None:
                row.addWidget(after)
                row.addSpacing(px(14))
        row.addStretch(1)
        for name, kind in (("mail_pdf", "plain"), ("save_pdf", "plain"), ("print_pdf", "primary")):
            row.addWidget(button_for(self.actions_here[name], kind, bar))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (bar, hairline(), self.note):
            whole.addWidget(part)
        whole.addWidget(self.pages, 1)

    def _icon_button(self, name: str) -> IconButton:
        action = self.actions_here[name]
        spec = next(one for one in _ACTIONS if one.name == name)
        button = IconButton(spec.icon, action.toolTip())
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        return button

    def _connect(self) -> None:
        slots = {
            "previous_page": lambda: self.pages.go_to(self.pages.page - 1),
            "next_page": lambda: self.pages.go_to(self.pages.page + 1),
            "first_page": lambda: self.pages.go_to(0),
            "last_page": lambda: self.pages.go_to(self.pages.count - 1),
            "zoom_out": self.pages.zoom_out,
            "zoom_in": self.pages.zoom_in,
            "fit_width": self.pages.fit_width,
            "mail_pdf": self.mail_pdf,
            "save_pdf": self.save_pdf,
            "print_pdf": self.print_pdf,
        }
        for name, slot in slots.items():
            self.actions_here[name].triggered.connect(slot)
        self.pages.moved.connect(self._say_place)

    # Making and showing

    def refresh(self) -> None:
        """Read and draw again."""
        self.desk.tasks.read(self, self._compose, self._draw_it, self._show_refusal, label=_("Preparing the paper"))

    def _draw_it(self, composed: Any) -> None:
        draw = self._draw

        def make(_progress: object) -> tuple[Printed, tuple[tuple[float, float], ...]]:
            printed = draw(composed)
            return printed, page_sizes(printed.data)

        self.desk.tasks.free(self, make, self._show, self._show_refusal, label=_("Drawing the paper"))

    def _show(self, made: tuple[Printed, tuple[tuple[float, float], ...]]) -> None:
        self.printed, self._sizes = made
        self.pages.show_pdf(self.printed.data, self._sizes)
        if self.printed.missing:
            said = _("No font here has these characters, so they are printed as 〓: {characters}")
            self.note.show_message("warn", said.format(characters=" ".join(self.printed.missing)))
        else:
            self.note.clear()
        self._offer(True)

    def _show_refusal(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _offer(self, ready: bool) -> None:
        for name in self.actions_here:
            self.actions_here.enable(name, ready)

    def _say_place(self) -> None:
        said = _("Page {page} of {pages}").format(page=self.pages.page + 1, pages=self.pages.count)
        self._place.setText(said)
        self._scale.setText(f"{self.pages.zoom * 100:.0f} %")

    # What can be done with it

    def save_pdf(self) -> None:
        """Write the PDF where the person wants it."""
        if self.printed is None:
            return
        path = self.desk.dialogs.choose_save_file(_("Save the PDF"), self._file_name, _("PDF (*.pdf)"))
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".pdf")
        said = _("{file} saved").format(file=path.name)

        def saved() -> None:
            self.desk.toast(said, kind="success")
            self.taken.emit("save")

        self._write(path, self.printed.data, saved)

    def mail_pdf(self) -> None:
        """Open a new message with the PDF attached in the mail program of this computer."""
        if self.printed is None:
            return
        path = _drafts_folder() / Path(self._file_name).with_suffix(".eml").name
        self._write(path, draft_of(self._mail, self._file_name, self.printed.data), lambda: self._open_draft(path))

    def _open_draft(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            said = _("No mail program could be opened. Save the PDF and attach it to a message yourself.")
            self.note.show_message("warn", said)
            return
        self.taken.emit("mail")

    def _write(self, path: Path, data: bytes, then: Callable[[], object]) -> None:
        def write(_progress: object) -> OSError | None:
            try:
                path.write_bytes(data)
            except OSError as error:
                return error
            return None

        def tell(error: OSError | None) -> None:
            if error is None:
                then()
                return
            said = _("{file} could not be written: {reason}")
            self.note.show_message("danger", said.format(file=path.name, reason=error.strerror or error))

        self.desk.tasks.free(self, write, tell)

    def print_pdf(self) -> None:
        """Ask for the printer and print."""
        if self.printed is None:
            return
        printer = self._choose_printer(self, self.printed.pages)
        if printer is None:
            return
        printer.setDocName(self._file_name.removesuffix(".pdf"))
        printing = Printing(self.desk.tasks, printer, self.printed.data, self._sizes)
        printing.failed.connect(self._show_refusal)
        printing.failed.connect(printing.deleteLater)
        printing.finished.connect(self._say_printed)
        printing.finished.connect(printing.deleteLater)
        printing.start()

    def _say_printed(self) -> None:
        self.desk.toast(_("Sent to the printer"), kind="success")
        self.taken.emit("print")
