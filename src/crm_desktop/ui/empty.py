"""What a screen shows when it has no rows: nothing yet, nothing matches, something went wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import BODY, LABEL, REGULAR, SECTION, SEMIBOLD, px
from crm_desktop.ui.icons import set_icon
from crm_desktop.ui.labels import text_label
from crm_desktop.ui.theme import set_ground


@dataclass(frozen=True)
class Offer:
    """A way on: the verb on its button, what it does, and how it looks."""

    verb: str
    act: Callable[[], object]
    icon: str = ""
    key: str = ""


class EmptyState(QWidget):
    """Icon, one sentence, what to do: in the middle of where the rows would be."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        *,
        primary: Offer | None = None,
        other: Offer | None = None,
        link: Offer | None = None,
        hint: str = "",
        kind: str = "primary",
        ink: str = "muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(8))
        column.addStretch(2)
        picture = QLabel()
        set_icon(picture, icon, ink, 32)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(8))
        self.title = self._add_line(column, title, SECTION, SEMIBOLD, "text")
        self.text = self._add_line(column, text, BODY, REGULAR, "text2")
        column.addSpacing(px(10))
        self.buttons = self._add_offers(column, primary, other, link, kind)
        column.addSpacing(px(6))
        self.hint = self._add_line(column, hint, LABEL, REGULAR, "muted")
        column.addStretch(3)

    def _add_line(self, column: QVBoxLayout, words: str, size_px: int, weight: int, ink: str) -> QLabel:
        label = text_label(words, size_px, weight, ink, wrap=True)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # Wrapped labels in a centred layout need a width; lines of about 60 letters read best.
        label.setFixedWidth(px(400))
        # A wrapped label that is aligned is given the height of one line.
        label.setMinimumHeight(max(0, label.heightForWidth(label.minimumWidth())))
        label.setVisible(bool(words))
        column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        return label

    def _add_offers(
        self, column: QVBoxLayout, primary: Offer | None, other: Offer | None, link: Offer | None, kind: str
    ) -> list[Button]:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch()
        made = []
        for offer, dress in ((primary, kind), (other, "plain"), (link, "link")):
            if offer is None:
                continue
            if dress == "link":
                row.addSpacing(px(12))
            button = Button(offer.verb, dress, icon=offer.icon, key=offer.key)
            button.clicked.connect(_called(offer.act))
            row.addWidget(button)
            made.append(button)
        row.addStretch()
        column.addLayout(row)
        return made


def _called(act: Callable[[], object]) -> Callable[[], None]:
    def act_now() -> None:
        act()

    return act_now


def never_had(
    icon: str, title: str, text: str, primary: Offer, other: Offer | None = None, hint: str = ""
) -> EmptyState:
    """Return the state of a list that never had a row: what this is, and the first thing to do."""
    return EmptyState(icon, title, text, primary=primary, other=other, hint=hint)


def no_match(title: str, text: str, clear: Callable[[], object], elsewhere: Offer | None = None) -> EmptyState:
    """Return the state of a filter without hits: which filter is in the way, and the way out of it."""
    offer = Offer(_("Clear filters"), clear, key="Esc")
    return EmptyState("search", title, text, primary=offer, link=elsewhere, kind="plain")


def failed(title: str, text: str, retry: Callable[[], object]) -> EmptyState:
    """Return the state of a list that could not be read: what, why, and `Try again`."""
    return EmptyState("circle-alert", title, text, primary=Offer(_("Try again"), retry), kind="plain", ink="danger")


class StateStack(QWidget):
    """The content of a screen, or the state that stands in its place."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._state: QWidget | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(content)

    @property
    def state(self) -> QWidget | None:
        """Return the state shown, None while the content is."""
        return self._state

    def show_content(self) -> None:
        """Show the content and drop the state."""
        self._stack.setCurrentWidget(self._content)
        self._drop()

    def show_state(self, state: QWidget) -> None:
        """Show `state` in place of the content and of an earlier state."""
        self._stack.addWidget(state)
        self._stack.setCurrentWidget(state)
        self._drop()
        self._state = state

    def _drop(self) -> None:
        if self._state is not None:
            self._stack.removeWidget(self._state)
            self._state.deleteLater()
            self._state = None
