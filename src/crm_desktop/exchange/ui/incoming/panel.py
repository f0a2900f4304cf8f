"""How the file was read, in words, beside every step; what was decided can be decided otherwise."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from crm_desktop.exchange.ui.incoming.page import Fact
from crm_desktop.shared.i18n import _
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption, section_label, text_label
from crm_desktop.ui.sheet_area import SheetArea
from crm_desktop.ui.theme import set_ground

WIDTH: Final = 250


class ReadingPanel(SheetArea):
    """A column of facts: label, sentence, and a link where something can be changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(px(WIDTH))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("How the file was read"))
        self.links: list[Button] = []
        self._said: Sequence[Fact] | None = None

    def say(self, facts: Sequence[Fact]) -> None:
        """Tell other facts; the same ones again leave the keyboard where it is."""
        if self._said is not None and _told(facts) == _told(self._said):
            # The links of the shown facts must still do what the newest facts want.
            self._said = facts
            return
        self._said = facts
        page = QWidget()
        set_ground(page, "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(px(16), px(14), px(16), px(16))
        column.setSpacing(px(2))
        column.addWidget(section_label(_("How the file was read")))
        self.links = []
        for place, fact in enumerate(facts):
            column.addSpacing(px(8))
            column.addWidget(caption(fact.label))
            sentence = text_label(fact.text, wrap=True)
            sentence.setAccessibleName(f"{fact.label}: {fact.text}")
            column.addWidget(sentence)
            if fact.action:
                link = Button(fact.action, "link")
                link.setAccessibleName(f"{fact.label}: {fact.action}")
                link.clicked.connect(self._act_at(place))
                column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
                self.links.append(link)
        if not facts:
            column.addSpacing(px(8))
            column.addWidget(text_label(_("Once a file is chosen, this says how it is understood."), wrap=True))
        column.addStretch(1)
        self.show_page(page)

    def _act_at(self, place: int) -> Callable[[], None]:
        def act() -> None:
            fact = self._said[place] if self._said else None
            if fact is not None and fact.act is not None:
                fact.act()

        return act


def _told(facts: Sequence[Fact]) -> list[tuple[str, str, str]]:
    return [(fact.label, fact.text, fact.action) for fact in facts]


def offer(owner: QWidget, others: Sequence[tuple[str, str]], chosen: Callable[[str], object]) -> QMenu:
    """Drop a menu of (key, sentence) where the pointer or the focus is; `chosen` gets the key."""
    menu = QMenu(owner)
    for key, sentence in others:
        action = menu.addAction(sentence.replace("&", "&&"))
        action.triggered.connect(lambda _checked=False, key=key: chosen(key))
    menu.aboutToHide.connect(menu.deleteLater)
    focused = owner.focusWidget() or owner
    menu.popup(focused.mapToGlobal(focused.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[0])
    return menu
