"""Light and dark: palette and style sheet made from the tokens, following the system or a choice.

Widgets and delegates ask `token(name)` while painting, so that a change of theme needs only a repaint.
"""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.ui.style_sheet import style_sheet, write_marks
from crm_desktop.ui.tokens import DARK, LIGHT

CHOICES: Final = ("system", "light", "dark")

_ROLES: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Shadow: "line",
    QPalette.ColorRole.Dark: "field",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Accent: "fill",
    QPalette.ColorRole.BrightText: "danger",
}
_INK_ROLES: Final = (
    QPalette.ColorRole.Text,
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)

FUSION: Final = "fusion"
"""Property of the application that says it has our style already."""

_colours: dict[str, QColor] = {name: QColor(value) for name, value in LIGHT.items()}
_redraws: list[Callable[[], None]] = []
_theme: "Theme | None" = None


def token(name: str) -> QColor:
    """Return the colour of `name` in the theme on screen. Do not change it in place.

    Raises KeyError for a name that is not in `tokens`.
    """
    return _colours[name]


def palette_of(tokens: Mapping[str, str]) -> QPalette:
    """Return the palette that carries `tokens` to everything Fusion draws by itself."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(tokens[name]))
    for role in _INK_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["muted"]))
    return palette


class Theme(QObject):
    """The theme of the process; `changed` fires after palette and style sheet are in place."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice if choice in CHOICES else "system"
        self._dark: bool | None = None
        # The folder dies with this object; style sheets can only show images that are files.
        self._marks = QTemporaryDir()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._settle()

    @property
    def dark(self) -> bool:
        """Whether the dark table is on screen."""
        return bool(self._dark)

    @property
    def choice(self) -> str:
        """What the person chose, one of `CHOICES`."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Show "light", "dark" or what the "system" says, at once. Raises ValueError for another word."""
        if choice not in CHOICES:
            raise ValueError(f"No theme is called {choice!r}")
        self._choice = choice
        self._settle()

    def _follow_system(self) -> None:
        self._settle()

    def _settle(self) -> None:
        hints = self._app.styleHints()
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        if self._choice in schemes:
            # Native title bars follow; where the platform ignores it our own palette still decides.
            if hints.colorScheme() != schemes[self._choice]:
                hints.setColorScheme(schemes[self._choice])
            dark = self._choice == "dark"
        else:
            hints.unsetColorScheme()
            dark = hints.colorScheme() == Qt.ColorScheme.Dark
        if dark == self._dark:
            return
        self._dark = dark
        apply_theme(self._app, dark, self._marks.path())
        self.changed.emit()


def apply_theme(app: QApplication, dark: bool, marks_folder: str) -> None:
    """Set style, palette and style sheet of `app`; writes the check marks and arrows to `marks_folder`."""
    tokens = DARK if dark else LIGHT
    _colours.update({name: QColor(value) for name, value in tokens.items()})
    if app.property(FUSION) is None:
        app.setStyle("Fusion")
        app.setProperty(FUSION, True)
    marks = write_marks(tokens, marks_folder, "dark" if dark else "light")
    app.setPalette(palette_of(tokens))
    app.setStyleSheet(style_sheet(tokens, marks))
    for redraw in _redraws:
        redraw()
    for widget in app.allWidgets():
        widget.update()


def redraw_with_theme(redraw: Callable[[], None]) -> None:
    """Have `redraw` called at every change of theme; for modules that keep something drawn."""
    _redraws.append(redraw)


def install_theme(app: QApplication, choice: str = "system") -> Theme:
    """Dress `app`, once per process; a second call only changes the choice. Returns its theme."""
    global _theme
    if _theme is not None and _theme.parent() is app:
        _theme.choose(choice if choice in CHOICES else "system")
        return _theme
    _theme = Theme(app, choice)
    return _theme


def theme() -> Theme:
    """Return the theme of the process. Raises RuntimeError before `install_theme`."""
    if _theme is None:
        raise RuntimeError("install_theme(app) comes first")
    return _theme


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property the style sheet asks for, and have the widget drawn by it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        # It will be dressed by its properties when it is first shown.
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def set_ink(widget: QWidget, name: str) -> None:
    """Write the text of a label in the token `name`; it follows the theme."""
    set_property(widget, "ink", name)


def set_ground(widget: QWidget, name: str) -> None:
    """Lay the token `name` under `widget`, not under its children; it follows the theme."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
    set_property(widget, "ground", name)
