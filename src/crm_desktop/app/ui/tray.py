"""The icon in the system's tray with how much waits; where there is no tray, nothing is missing."""

from typing import Final

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from crm_desktop.access.ui.brand import window_icon
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.fonts import SEMIBOLD, font
from crm_desktop.ui.theme import token

SIDE_PX: Final = 64
MOST: Final = 99
MESSAGE_MS: Final = 10_000


class Tray(QObject):
    """One icon per window. What it says holds no name of a customer: it is seen by whoever walks past."""

    show_wanted = Signal()
    """The icon or its message was pressed."""

    def __init__(self, parent: QObject, title: str) -> None:
        super().__init__(parent)
        self._title = title
        self._icon: QSystemTrayIcon | None = None
        self._drawn: tuple[int, bool] | None = None
        self._menu = QMenu()
        self._menu.addAction(_("Show My day"), self.show_wanted.emit)
        # A desktop that has just begun may get its tray later.
        self._later = QTimer(self, singleShot=True, interval=60_000)
        self._later.timeout.connect(self._stand)
        self._count, self._is_late = 0, False
        self._stand()

    @property
    def stands(self) -> bool:
        """Return whether there is an icon."""
        return self._icon is not None

    def set_count(self, count: int, *, late: bool, said: str) -> None:
        """Show how much waits, in the colour of what is late when some of it is."""
        self._count, self._is_late = count, late
        if self._icon is None:
            return
        if self._drawn != (count, late):
            self._drawn = (count, late)
            self._icon.setIcon(badged(count, late=late))
        self._icon.setToolTip(f"{self._title}\n{said}" if said else self._title)

    def tell(self, count: int) -> None:
        """Say that reminders are due, to somebody who looks at another program."""
        if self._icon is not None and QSystemTrayIcon.supportsMessages():
            said = ngettext("{count} reminder is due", "{count} reminders are due", count).format(count=count)
            self._icon.showMessage(self._title, said, QSystemTrayIcon.MessageIcon.Information, MESSAGE_MS)

    def stop(self) -> None:
        """Take the icon away."""
        self._later.stop()
        if self._icon is not None:
            self._icon.hide()
            self._icon = None
        self._menu.deleteLater()

    def _stand(self) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self._later.start()
            return
        self._icon = QSystemTrayIcon(badged(0, late=False), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._pressed)
        self._icon.messageClicked.connect(self.show_wanted)
        self.set_count(self._count, late=self._is_late, said="")
        self._icon.show()

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.show_wanted.emit()


def badged(count: int, *, late: bool) -> QIcon:
    """Return the icon of the program with a figure on it; none for 0, "99+" for more than fit."""
    picture = QPixmap(SIDE_PX, SIDE_PX)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawPixmap(0, 0, window_icon().pixmap(SIDE_PX, SIDE_PX))
    if count:
        shown = str(count) if count <= MOST else f"{MOST}+"
        used = font(10, SEMIBOLD)
        used.setPixelSize(30 if len(shown) < 3 else 24)
        painter.setFont(used)
        width = max(38.0, painter.fontMetrics().horizontalAdvance(shown) + 14.0)
        box = QRectF(SIDE_PX - width, SIDE_PX - 38, width, 38)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(token("danger-fill" if late else "fill"))
        painter.drawRoundedRect(box, 19, 19)
        painter.setPen(token("on-fill"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.end()
    return QIcon(picture)
