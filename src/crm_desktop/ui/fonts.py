"""Fonts of the program: the system's Latin face with the Chinese family of the language named.

Sizes are named at 100 % (13 px for ordinary text) and are factors of the application font, so that a
larger text size of the system scales everything.
"""

import sys
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.shared.i18n import ENGLISH, TRADITIONAL
from crm_desktop.shared.resources import resource

HINT: Final = 11
LABEL: Final = 12
BODY: Final = 13
SECTION: Final = 14
TITLE: Final = 18
RECORD: Final = 20

REGULAR: Final = 400
MEDIUM: Final = 500
SEMIBOLD: Final = 600

# Without the family named, Simplified text is drawn with Japanese shapes on Linux.
_CHINESE: Final = {
    "win32": ("Microsoft YaHei UI", "Microsoft JhengHei UI"),
    "darwin": ("PingFang SC", "PingFang TC"),
    "linux": ("Noto Sans CJK SC", "Noto Sans CJK TC"),
}
_LATIN: Final = {
    "win32": ["Segoe UI"],
    "darwin": [".AppleSystemUIFont"],
    "linux": ["Inter", "Noto Sans", "DejaVu Sans"],
}
# Pixel size of an unscaled system font; Linux desktops use 9 to 11 points, so only more counts as scaled.
_USUAL_PX: Final = {"win32": 12.0, "darwin": 13.0, "linux": 15.0}
_LARGEST_SCALE: Final = 2.0

_scale = 1.0
_chinese_text = False
_bundled_loaded = False


def _platform() -> str:
    return sys.platform if sys.platform in _LATIN else "linux"


def families(language: str, platform: str = "") -> list[str]:
    """Return the font families for `language`, Latin first, then the Chinese one of its script."""
    platform = platform or _platform()
    simplified, traditional = _CHINESE[platform]
    pair = [traditional, simplified] if language == TRADITIONAL else [simplified, traditional]
    return [*_LATIN[platform], *pair]


def install_fonts(app: QApplication, language: str, scale: float | None = None) -> None:
    """Set the application font for `language` and refresh every widget given one by `set_font`.

    `scale` is the factor over 100 %; without it, it is taken from the text size of the system.
    """
    global _scale, _chinese_text, _bundled_loaded
    if _platform() == "linux" and not _bundled_loaded:
        # A bare Linux has no face with tabular figures and even strokes; Windows and Mac have theirs.
        for path in sorted(resource("fonts").glob("Inter-*.otf")):
            QFontDatabase.addApplicationFont(str(path))
        _bundled_loaded = True
    _scale = scale if scale is not None else _system_scale()
    _chinese_text = language != ENGLISH
    base = QFont(families(language))
    base.setPixelSize(round(BODY * _scale))
    base.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(base)
    for widget in app.allWidgets():
        wanted = widget.property("font_px")
        if wanted is not None:
            widget.setFont(font(int(wanted), int(widget.property("font_weight"))))
            widget.updateGeometry()


def _system_scale() -> float:
    # Reckoned, not asked: QFontInfo would look for the face among all fonts of the system.
    general = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    system: float = general.pixelSize()
    if system < 0:
        system = round(general.pointSizeF() * QGuiApplication.primaryScreen().logicalDotsPerInchY() / 72)
    return min(max(system / _USUAL_PX[_platform()], 1.0), _LARGEST_SCALE)


def font(size_px: int = BODY, weight: int = REGULAR) -> QFont:
    """Return the application font at `size_px` (named at 100 %) and `weight` (400, 500, 600)."""
    made = QFont(QApplication.font())
    made.setPixelSize(px(size_px))
    # Bold Chinese strokes run together below 13 px.
    heaviest = MEDIUM if _chinese_text and size_px < BODY else SEMIBOLD
    made.setWeight(QFont.Weight(min(weight, heaviest)))
    return made


def px(length: int) -> int:
    """Return a length named at 100 % in logical pixels at the text size of this computer."""
    return max(1, round(length * _scale))


def set_font(widget: QWidget, size_px: int = BODY, weight: int = REGULAR) -> None:
    """Give `widget` a font that follows a later change of language or text size."""
    widget.setProperty("font_px", size_px)
    widget.setProperty("font_weight", weight)
    widget.setFont(font(size_px, weight))
