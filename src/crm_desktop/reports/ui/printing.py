"""A PDF on paper: page by page at the printer's resolution, without holding the window up."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from crm_desktop.reports.pages import POINTS_PER_INCH, Raster, draw_page
from crm_desktop.reports.ui.pdf_pages import image_of
from crm_desktop.shared.errors import UserError
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.tasks import Tasks

ChoosePrinter = Callable[[QWidget, int], QPrinter | None]
"""Asks over a window which printer and which of so many pages; None: the person left."""

_DPI: Final = 300


class PrinterRefused(UserError):
    """The printer does not take the document."""

    message = N_("The printer does not take the document. Look whether it is on, or choose another.")


def ask_for_printer(window: QWidget, pages: int) -> QPrinter | None:
    """Ask in the dialog of the system."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(_("Print"))
    dialog.setMinMax(1, pages)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, pages > 1)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if accepted else None


class Printing(QObject):
    """Prints the pages chosen in `printer`, one after the other; lives until `finished`."""

    finished = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, printer: QPrinter, data: bytes, sizes: tuple[tuple[float, float], ...]) -> None:
        # Not the preview's child: what was sent to the printer is printed when the preview is closed too.
        super().__init__(tasks)
        # Before the printer, so that it lets go of the printer first when both are dropped half way.
        self._painter = QPainter()
        self._tasks, self._printer, self._data, self._sizes = tasks, printer, data, sizes
        first = printer.fromPage() or 1
        last = printer.toPage() or len(sizes)
        self._left = list(range(first - 1, min(last, len(sizes))))

    def start(self) -> None:
        """Begin; `finished` or `failed` follows."""
        self._printer.setFullPage(True)
        self._turn(self._left[0])
        if not self._painter.begin(self._printer):
            self.failed.emit(PrinterRefused())
            return
        self._next()

    def _turn(self, number: int) -> None:
        wide, high = self._sizes[number]
        lying = QPageLayout.Orientation.Landscape if wide > high else QPageLayout.Orientation.Portrait
        self._printer.setPageOrientation(lying)

    def _next(self) -> None:
        if not self._left:
            self._painter.end()
            self.finished.emit()
            return
        number, data = self._left.pop(0), self._data
        scale = min(_DPI, self._printer.resolution()) / POINTS_PER_INCH
        said = _("Printing")
        self._tasks.free(
            self, lambda _progress: draw_page(data, number, scale), partial(self._paint, number), self._stop, label=said
        )

    def _paint(self, number: int, raster: Raster) -> None:
        wide, high = self._sizes[number]
        dots = self._printer.resolution() / POINTS_PER_INCH
        self._painter.drawImage(QRectF(0, 0, wide * dots, high * dots), image_of(raster))
        if self._left:
            self._turn(self._left[0])
            if not self._printer.newPage():
                self._stop(PrinterRefused())
                return
        self._next()

    def _stop(self, error: BaseException) -> None:
        self._painter.end()
        self.failed.emit(error)
