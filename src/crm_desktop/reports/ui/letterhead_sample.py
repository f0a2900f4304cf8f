"""A sample of the paper beside its settings, drawn anew while they are typed."""

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from crm_desktop.reports.letterhead import LetterheadProfile
from crm_desktop.reports.pages import Raster, draw_page
from crm_desktop.reports.paper import Align, Block, Column, Fact, Line, Paper, Signature, Total
from crm_desktop.reports.paper_pdf import paper_pdf
from crm_desktop.reports.paper_text import in_language
from crm_desktop.reports.ui.pdf_pages import Sheet, image_of
from crm_desktop.shared.i18n import N_
from crm_desktop.ui.fonts import px
from crm_desktop.ui.tasks import Tasks
from crm_desktop.ui.theme import set_ground

_WAIT_MS: Final = 250
_A4: Final = (595.0, 842.0)


def sample_paper(profile: LetterheadProfile, language: str) -> Paper:
    """Return a short offer on this letterhead, with its seal."""

    def say(text: str) -> str:
        return in_language(text, language)

    columns = (
        Column(say(N_("No.")), Align.CENTER),
        Column(say(N_("Description")), weight=4),
        Column(say(N_("Quantity")), Align.RIGHT),
        Column(say(N_("Amount")), Align.RIGHT),
    )
    lines = tuple(Line((str(number), say(N_("Product")) + f" {number}", "10", "1,000.00")) for number in (1, 2, 3))
    sender = profile.sender(language)
    return Paper(
        say(N_("Quote")),
        "Q2026-0001",
        language,
        sender,
        Block(say(N_("Customer")), (say(N_("Name of the customer")), say(N_("Address of the customer")))),
        (Fact(say(N_("Date")), "2026-03-05"),),
        columns=columns,
        lines=lines,
        detail_column=1,
        totals=(Total(say(N_("Total")), "3,000.00", strong=True),),
        signatures=(Signature(say(N_("Seller")), sender.name, (say(N_("Date")),), sender.seal), Signature("")),
    )


class LetterheadSample(QScrollArea):
    """Shows the sample page as wide as there is room."""

    drawn = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._asked = 0
        self._profile, self._language = LetterheadProfile(), ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WAIT_MS)
        self._later.timeout.connect(self._draw)
        self.sheet = Sheet(0, 1)
        inside = QWidget()
        set_ground(inside, "window")
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(12), px(12), px(12), px(12))
        column.addWidget(self.sheet)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        wide = px(380)
        self.sheet.setFixedSize(wide, round(wide * _A4[1] / _A4[0]))
        self.setMinimumWidth(wide + px(40))

    def show_profile(self, profile: LetterheadProfile, language: str) -> None:
        """Draw the sample on this letterhead, a moment after the last key."""
        self._profile, self._language = profile, language
        self._later.start()

    def _draw(self) -> None:
        self._asked += 1
        profile, language = self._profile, self._language
        scale = self.sheet.width() * self.devicePixelRatioF() / _A4[0]
        self._tasks.free(
            self, lambda _progress: _drawn(profile, language, scale), partial(self._show, self._asked), _say_nothing
        )

    def _show(self, asked: int, raster: Raster) -> None:
        if asked == self._asked:
            self.sheet.show_image(image_of(raster))
            self.drawn.emit()


def _drawn(profile: LetterheadProfile, language: str, scale: float) -> Raster:
    return draw_page(paper_pdf(sample_paper(profile, language)).data, 0, scale)


def _say_nothing(_error: BaseException) -> None:
    """Leave the last sample in place; what is wrong stands beside its field."""
