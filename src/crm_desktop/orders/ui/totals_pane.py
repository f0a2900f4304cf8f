"""The totals at the foot of a document: net, a line per tax rate, the total; changed in place, nothing jumps."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.orders.totals import DocumentInput, Totals
from crm_desktop.orders.ui.grid_line import number_text
from crm_desktop.shared.display import number_text as figure
from crm_desktop.shared.i18n import _
from crm_desktop.shared.money import from_minor
from crm_desktop.ui.fonts import BODY, HINT, RECORD, REGULAR, SEMIBOLD, px
from crm_desktop.ui.labels import hairline, text_label

LEAST_PX = 244


class TotalsPane(QWidget):
    """Rows of label and figure; those not needed are hidden, kept for later."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(4))
        self._body = QVBoxLayout()
        self._body.setSpacing(px(4))
        self._column.addLayout(self._body)
        self._column.addStretch(1)
        self._column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(text_label(_("Total"), BODY, SEMIBOLD), 0, Qt.AlignmentFlag.AlignBottom)
        foot.addStretch(1)
        self._code = text_label("", HINT, REGULAR, "muted")
        self.total = text_label("", RECORD, SEMIBOLD)
        foot.addWidget(self._code, 0, Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self.total, 0, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(foot)

    def sizeHint(self) -> QSize:
        """Return at least the usual width, more for a long line of tax: as a minimum width that would be cut."""
        return super().sizeHint().expandedTo(QSize(px(LEAST_PX), 0))

    def rows(self) -> list[tuple[str, str]]:
        """Return what is shown above the total: (label, figure)."""
        return [(row.label.text(), row.figure.text()) for row in self._rows if not row.isHidden()]

    def show_totals(self, totals: Totals, document: DocumentInput) -> None:
        """Show the totals of a document."""
        currency = document.currency
        shown: list[tuple[str, int]] = []
        if totals.discount:
            shown += [(_("Sum of the lines"), totals.subtotal), (_("Discount"), -totals.discount)]
        if not document.prices_include_tax:
            shown.append((_("Net"), totals.net))
        for tax in totals.taxes:
            rate = number_text(tax.percent)
            label = _("Tax {percent} % in the prices") if document.prices_include_tax else _("Tax {percent} %")
            if len(totals.taxes) > 1:
                on = figure(from_minor(tax.net, currency))
                label = _("Tax {percent} % on {net}")
                shown.append((label.format(percent=rate, net=on), tax.tax))
            else:
                shown.append((label.format(percent=rate), tax.tax))
        if document.prices_include_tax:
            shown.append((_("Net"), totals.net))
        while len(self._rows) < len(shown):
            self._rows.append(_Row())
            self._body.addWidget(self._rows[-1])
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(shown))
            if place < len(shown):
                row.label.setText(shown[place][0])
                row.figure.setText(figure(from_minor(shown[place][1], currency)))
        self._code.setText(currency)
        self.total.setText(figure(from_minor(totals.total, currency)))
        self.setAccessibleName(_("Total {currency} {amount}").format(currency=currency, amount=self.total.text()))


class _Row(QWidget):
    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        self.label: QLabel = text_label("", BODY, REGULAR, "text2")
        self.figure: QLabel = text_label("", BODY)
        line.addWidget(self.label)
        line.addStretch(1)
        line.addWidget(self.figure)
