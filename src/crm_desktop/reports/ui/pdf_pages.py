"""The pages of a PDF on screen, drawn when they come into sight, sharp at every scale."""

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.reports.pages import POINTS_PER_INCH, Raster, draw_page
from crm_desktop.shared.i18n import _
from crm_desktop.ui.fonts import px
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground, token

ZOOMS: Final = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_MOST_FITTED: Final = 1.4
_SCREEN_DPI: Final = 96
_GAP_PX: Final = 16


def image_of(raster: Raster) -> QImage:
    """Return a drawn page as an image of its own."""
    shared = QImage(raster.pixels, raster.width, raster.height, raster.stride, QImage.Format.Format_RGB32)
    return shared.copy()


class _Round:
    """The drawing of all pages at one size; over when the size or the document is another."""

    over = False


class Sheet(QWidget):
    """One page: white paper until it is drawn."""

    def __init__(self, number: int, pages: int) -> None:
        super().__init__()
        self.image = QImage()
        self.setAccessibleName(_("Page {page} of {pages}").format(page=number + 1, pages=pages))

    def show_image(self, image: QImage) -> None:
        """Show the drawn page."""
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page, always on white, with a hairline around it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if not self.image.isNull():
            painter.drawImage(self.rect(), self.image)
        painter.setPen(token("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PdfPages(QScrollArea):
    """Shows a PDF page below page; only those in sight are drawn and kept."""

    moved = Signal()
    """Another page is in sight, or the zoom is another."""
    drawn = Signal(int)
    """A page, counted from 0, is on the screen."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._data = b""
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._wanted: set[int] = set()
        self._round = _Round()
        self._fits = True
        self.zoom = 1.0
        self.sheets: list[Sheet] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Pages"))
        self.verticalScrollBar().valueChanged.connect(self._look)

    def show_pdf(self, data: bytes, sizes: tuple[tuple[float, float], ...]) -> None:
        """Show another PDF, whose pages have `sizes` in points; the place is kept where there is one."""
        at = self.verticalScrollBar().value()
        self._data, self._sizes = data, sizes
        inside = QWidget()
        set_ground(inside, "window")
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(_GAP_PX), px(_GAP_PX), px(_GAP_PX), px(_GAP_PX))
        column.setSpacing(px(_GAP_PX))
        self.sheets = [Sheet(number, len(sizes)) for number in range(len(sizes))]
        for sheet in self.sheets:
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self._resize_sheets()
        inside.layout().activate()
        self.verticalScrollBar().setValue(at)

    @property
    def count(self) -> int:
        """Return how many pages there are."""
        return len(self.sheets)

    @property
    def page(self) -> int:
        """Return the page in sight, counted from 0: the first whose lower half is not above the window."""
        top = self.verticalScrollBar().value()
        for number, sheet in enumerate(self.sheets):
            if sheet.y() + sheet.height() / 2 > top:
                return number
        return max(self.count - 1, 0)

    def go_to(self, number: int) -> None:
        """Bring a page to the top of the window."""
        if self.sheets:
            sheet = self.sheets[max(0, min(number, self.count - 1))]
            self.verticalScrollBar().setValue(sheet.y() - px(_GAP_PX))

    def zoom_in(self) -> None:
        """Show everything one step larger."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self.zoom + 0.01), self.zoom))

    def zoom_out(self) -> None:
        """Show everything one step smaller."""
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self.zoom - 0.01), self.zoom))

    def set_zoom(self, zoom: float) -> None:
        """Show the pages at `zoom`; 1.0 is as large as on paper."""
        self._fits = False
        page = self.page
        self.zoom = zoom
        self._resize_sheets()
        self.go_to(page)

    def fit_width(self) -> None:
        """Show the pages as wide as the window, whatever its size will be."""
        self._fits = True
        self._resize_sheets()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the new width."""
        super().resizeEvent(event)
        if self._fits:
            self._resize_sheets()
        self._look()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again for a screen of another scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize_sheets()

    def _resize_sheets(self) -> None:
        if not self.sheets:
            return
        if self._fits:
            widest = max(wide for wide, _high in self._sizes) * _SCREEN_DPI / POINTS_PER_INCH
            self.zoom = min((self.viewport().width() - 2 * px(_GAP_PX)) / widest, _MOST_FITTED)
        factor = max(self.zoom, 0.1) * _SCREEN_DPI / POINTS_PER_INCH
        for sheet, (wide, high) in zip(self.sheets, self._sizes, strict=True):
            sheet.setFixedSize(round(wide * factor), round(high * factor))
        self._round.over = True
        self._round = _Round()
        self._wanted.clear()
        self._look()

    def _look(self, _value: int = 0) -> None:
        """Ask for the pages in sight and let go of those far away."""
        if not self.sheets:
            return
        top = self.verticalScrollBar().value()
        sight = QRect(0, top - self.viewport().height(), 1, 3 * self.viewport().height())
        for number, sheet in enumerate(self.sheets):
            if not sight.intersects(QRect(0, sheet.y(), 1, sheet.height())):
                self._wanted.discard(number)
                sheet.show_image(QImage())
            elif number not in self._wanted:
                self._wanted.add(number)
                self._draw(number)
        self.moved.emit()

    def _draw(self, number: int) -> None:
        data, round_ = self._data, self._round
        scale = self.sheets[number].width() * self.devicePixelRatioF() / self._sizes[number][0]

        def draw(_progress: object) -> Raster | None:
            return None if round_.over else draw_page(data, number, scale)

        self._tasks.free(self, draw, partial(self._show, round_, number))

    def _show(self, round_: "_Round", number: int, raster: Raster | None) -> None:
        if raster is None or round_.over:
            return
        image = image_of(raster)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheets[number].show_image(image)
        self.drawn.emit(number)
