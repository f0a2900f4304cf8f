"""The counts of an import in a row: figure and word, in the colour of what happens."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm_desktop.exchange.ui.incoming.check_words import LOOKS, SIMILAR
from crm_desktop.shared.i18n import N_, _
from crm_desktop.ui.fonts import BODY, RECORD, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import text_label

AHEAD: Final[Mapping[str, str]] = {
    "new": N_("new"),
    SIMILAR: N_("new, similar to others"),
    "update": N_("will be updated"),
    "skip": N_("skipped, there already"),
    "duplicate": N_("twice in the file"),
    "invalid": N_("cannot be read"),
}
"""What the figures are called before the import."""
WRITTEN: Final[Mapping[str, str]] = {
    "new": N_("new"),
    SIMILAR: N_("new, similar to others"),
    "update": N_("updated"),
    "skip": N_("skipped"),
    "duplicate": N_("left out, twice in the file"),
    "invalid": N_("left out, cannot be read"),
}
"""What they are called afterwards."""


class Figures(QWidget):
    """Figures side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(26), 0, 0, 0)
        self._row.setSpacing(px(8))

    def show_kinds(self, counts: Mapping[str, int], words: Mapping[str, str] = AHEAD) -> None:
        """Show how many records there are of each kind; those of none are left away."""
        self.show_figures([(counts[kind], _(words[kind]), LOOKS[kind][2]) for kind in words if counts.get(kind)])

    def show_figures(self, figures: Sequence[tuple[int, str, str]]) -> None:
        """Show (count, words, ink) each."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for count, said, ink in figures:
            figure = text_label(f"{count:,}", RECORD, SEMIBOLD, ink)
            figure.setAccessibleName(f"{count:,} {said}")
            self._row.addWidget(figure)
            self._row.addWidget(text_label(said, BODY, REGULAR, "text2"))
            self._row.addSpacing(px(12))
        self._row.addStretch(1)
