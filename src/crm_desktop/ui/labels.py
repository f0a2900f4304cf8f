"""Labels of the type scale, hairlines and named grounds: the parts between the controls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SECTION, SEMIBOLD, TITLE, set_font
from crm_desktop.ui.theme import set_ground, set_ink


def text_label(
    text: str,
    size_px: int = BODY,
    weight: int = REGULAR,
    ink: str = "text",
    *,
    wrap: bool = False,
    rich: bool = False,
) -> QLabel:
    """Return a label at a size and weight of the type scale in the token `ink`.

    The text is plain unless `rich`: a name that holds "<b>" is shown as it was typed.
    """
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    set_font(label, size_px, weight)
    set_ink(label, ink)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return label


def title_label(text: str) -> QLabel:
    """Return the title of a screen."""
    return text_label(text, TITLE, SEMIBOLD)


def section_label(text: str) -> QLabel:
    """Return the title of a section."""
    return text_label(text, SECTION, SEMIBOLD)


def caption(text: str) -> QLabel:
    """Return a muted label, as above a field or a figure."""
    return text_label(text, LABEL, REGULAR, "muted")


def hairline(*, vertical: bool = False) -> QFrame:
    """Return a line of 1 px in `line`."""
    line = QFrame()
    line.setProperty("hairline", True)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def grounded(ground: str, parent: QWidget | None = None) -> QFrame:
    """Return a frame on the token `ground`; its children keep their own ground."""
    frame = QFrame(parent)
    set_ground(frame, ground)
    return frame
