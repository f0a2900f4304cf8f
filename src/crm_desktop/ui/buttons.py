"""Buttons: one primary a screen, plain and quiet ones, danger for what destroys; keys painted inside."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from crm_desktop.ui.fonts import BODY, HINT, MEDIUM, REGULAR, SEMIBOLD, font, px, set_font
from crm_desktop.ui.icons import SIZE, paint_icon
from crm_desktop.ui.shapes import paint_focus_ring, paint_panel
from crm_desktop.ui.theme import token

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeySequence

KINDS: Final = ("plain", "primary", "quiet", "danger", "link")
_PADDING: Final = 13
_GAP: Final = 8


def key_text(keys: "str | QKeySequence") -> str:
    """Return a shortcut as people of this system write it: "Ctrl S" here, "⌘S" on a Mac."""
    # The first window shows no keys; this class brings a long enumeration with it.
    from PySide6.QtGui import QKeySequence

    # Two keys at once, such as "Alt+↑↓", are no sequence; they are shown as they were written.
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or str(keys)
    return native.replace("Return", "↵").replace("Enter", "↵").replace("+", " ").replace("  ", " +")


def key_frame_width(text: str) -> int:
    """Return the width of the frame `paint_key` draws around `text`, in pixels; 0 for no text."""
    return round(QFontMetricsF(font(HINT)).horizontalAdvance(text)) + px(11) if text else 0


def paint_key(painter: QPainter, rect: QRectF, text: str, colour: str = "muted", frame: str = "line") -> None:
    """Draw a key hint, 11 px in a frame of 1 px, filling `rect`."""
    paint_panel(painter, rect, None, token(frame), 3)
    painter.setFont(font(HINT))
    painter.setPen(token(colour))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


class Button(QPushButton):
    """A button that says a verb, with an icon before it and its key behind it."""

    def __init__(
        self,
        text: str,
        kind: str = "plain",
        *,
        icon: str = "",
        key: str = "",
        tip: str = "",
        dense: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        # With the text as an argument Python would try the overload that begins with a QIcon, and load it.
        super().__init__(parent=parent)
        self.setText(text)
        self._kind, self._icon_name, self._key, self._dense = kind, icon, key, dense
        self._inks: tuple[str, str] | None = None
        self._followed: QAction | None = None
        self._keyed = True
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.set_kind(kind)
        self.setToolTip(tip)
        # The keyboard reaches it by Tab; a click must not take the focus out of a form being typed.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Enter presses the button with the ring, outside dialogs too.
        self.setAutoDefault(True)

    @property
    def kind(self) -> str:
        """Return how the button is dressed, one of `KINDS`."""
        return self._kind

    def set_kind(self, kind: str) -> None:
        """Dress the button as one of `KINDS`. Raises ValueError for another word."""
        if kind not in KINDS:
            raise ValueError(f"No button is dressed as {kind!r}")
        self._kind = kind
        self.setProperty("kind", kind)
        set_font(self, BODY, SEMIBOLD if kind in ("primary", "danger") else MEDIUM if kind == "link" else REGULAR)
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show `key` ("Ctrl+S") inside the button; the shortcut itself belongs to the action."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_icon_name(self, name: str) -> None:
        """Show the icon `name`, "" for none."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    def set_inks(self, words: str, icon: str) -> None:
        """Write the text in one token and draw the icon in another; both follow the theme."""
        self._inks = (words, icon)
        self.update()

    def key_hint(self) -> str:
        """Return the text in the key frame, "" when there is none."""
        return key_text(self._key) if self._key else ""

    def follow(self, action: "QAction", *, keyed: bool = True) -> None:
        """Take text, tip, icon, state and, unless not `keyed`, key from `action` and trigger it."""
        self._followed, self._keyed = action, keyed
        action.changed.connect(self._take_from_action)
        self.clicked.connect(action.trigger)
        self._take_from_action()

    def _take_from_action(self) -> None:
        action = self._followed
        if action is None:
            return
        self.setText(action.text())
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        if self.parentWidget() is not None or not action.isVisible():
            # Without a parent it would come up as a window of its own; in a layout it shows with its parent.
            self.setVisible(action.isVisible())
        self.set_icon_name(str(action.property("icon_name") or ""))
        self.set_key(action.shortcut().toString() if self._keyed else "")

    def _caption(self) -> str:
        # Mnemonics work through QPushButton; shown text has no marks of them.
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _lengths(self) -> tuple[int, int, int]:
        """Return the widths of icon, caption and key frame in pixels, 0 where there is none."""
        words = round(self.fontMetrics().horizontalAdvance(self._caption()))
        return px(SIZE) if self._icon_name else 0, words, key_frame_width(self.key_hint())

    def sizeHint(self) -> QSize:
        """Return the room its text, icon and padding need."""
        widths = [length for length in self._lengths() if length]
        padding = 0 if self._kind == "link" else px(_PADDING if not self._dense else 10)
        width = sum(widths) + px(_GAP) * (len(widths) - 1) + 2 * padding
        lowest = px(20 if self._kind == "link" else 26 if self._dense else 30)
        return QSize(max(width, lowest), max(lowest, self.fontMetrics().height() + px(6)))

    def minimumSizeHint(self) -> QSize:
        """Return the same as `sizeHint`: its text is never cut."""
        return self.sizeHint()

    def _colours(self) -> tuple[str | None, str | None, str]:
        """Return the tokens of ground, border and ink in the state the button is in."""
        over = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            return (
                (None if self._kind in ("quiet", "link") else "sunken"),
                (None if self._kind in ("quiet", "link") else "line"),
                "muted",
            )
        if self._kind == "primary":
            return ("fill-hover" if over or self.isDown() else "fill"), None, "on-fill"
        if self._kind == "danger":
            return "danger-fill", None, "on-fill"
        if self._kind == "link":
            return None, None, "accent"
        pressed = "selection" if self.isDown() else "hover" if over or self.isChecked() else None
        if self._kind == "quiet":
            return pressed, None, "text2"
        return pressed or "surface", "field", "text"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from tokens and the type scale."""
        painter = QPainter(self)
        ground, border, ink = self._colours()
        box = QRectF(self.rect())
        paint_panel(painter, box, token(ground) if ground else None, token(border) if border else None)
        if self.hasFocus():
            paint_focus_ring(painter, box)
            if self._kind in ("primary", "danger"):
                # On its own colour the ring would be lost: a line of surface sets it apart.
                inner = box.adjusted(2, 2, -2, -2)
                paint_panel(painter, inner, None, token("on-fill"), 3, 1.0)
        self._paint_contents(painter, box, ink)

    def _paint_contents(self, painter: QPainter, box: QRectF, ink: str) -> None:
        ink, icon_ink = self._inks if self._inks and self.isEnabled() else (ink, ink)
        icon_width, words, key_width = self._lengths()
        shown = [length for length in (icon_width, words, key_width) if length]
        gap = px(_GAP)
        left = box.left() + (box.width() - sum(shown) - gap * (len(shown) - 1)) / 2
        if icon_width:
            paint_icon(painter, QRectF(left, 0, icon_width, box.height()), self._icon_name, icon_ink)
            left += icon_width + gap
        if words:
            painter.setFont(self.font())
            painter.setPen(token(ink))
            place = QRectF(left, 0, words + 2, box.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._caption())
            left += words + gap
        if key_width:
            height = px(18)
            frame = QRectF(round(left), round((box.height() - height) / 2), key_width, height)
            strong = ink == "on-fill"
            paint_key(painter, frame, self.key_hint(), ink if strong else "muted", ink if strong else "line")

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the pointer is on it."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show that the pointer has left."""
        self.update()
        super().leaveEvent(event)


class IconButton(QToolButton):
    """A quiet button that shows an icon only; its words are in the tooltip and its accessible name."""

    def __init__(self, icon: str, tip: str, *, colour: str = "text2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._colour = icon, colour
        self.setIconSize(QSize(px(SIZE), px(SIZE)))
        self.set_tip(tip)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_tip(self, tip: str) -> None:
        """Say `tip` to the pointer and to a screen reader."""
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon from its token over the ground of the style sheet."""
        super().paintEvent(event)
        ink = "muted" if not self.isEnabled() else "accent" if self.isChecked() else self._colour
        place = QRectF(0, 0, px(SIZE), px(SIZE))
        place.moveCenter(QRectF(self.rect()).center())
        paint_icon(QPainter(self), place, self._icon_name, ink)


def button_for(
    action: "QAction", kind: str = "plain", parent: QWidget | None = None, *, keyed: bool = True, dense: bool = False
) -> Button:
    """Return a button that follows `action`: text, icon, key, tip, enabled, visible."""
    button = Button(action.text(), kind, dense=dense, parent=parent)
    button.follow(action, keyed=keyed)
    return button
