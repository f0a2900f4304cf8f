"""Moves cards, wins and loses opportunities: shown at once, stored behind, taken back when it is refused."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.pipeline import service
from crm_desktop.pipeline.ui.board_view import BoardView
from crm_desktop.pipeline.ui.lost_dialog import MARKED_LOST, MARKED_WON, ask_lost
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk


class BoardMoves(QObject):
    """`settled` follows whatever was stored, `refused` carries why something was not."""

    settled = Signal()
    refused = Signal(object)

    def __init__(self, desk: Desk, view: BoardView, screen: QWidget) -> None:
        super().__init__(screen)
        self._desk, self._view, self._screen = desk, view, screen
        self._wanted: dict[int, int] = {}
        """Where cards whose move is not stored yet are to go, by id."""
        self._leaving: set[int] = set()
        """Cards whose winning is not stored yet."""

    def show_again(self) -> None:
        """Show what is under way on a board that was read meanwhile."""
        for id_, stage_id in self._wanted.items():
            self._view.model.put(id_, stage_id)
        for id_ in self._leaving:
            self._view.model.take(id_)
        self._view.refresh()

    def move(self, id_: int, stage_id: int) -> None:
        """Move a card to a stage; keys pressed meanwhile are stored in one step afterwards."""
        card = self._view.model.card(id_)
        if card is None or not self._view.may_move or not self._view.model.put(id_, stage_id):
            return
        self._view.refresh()
        self._view.show_current()
        is_under_way = id_ in self._wanted
        self._wanted[id_] = stage_id
        if not is_under_way:
            self._store(id_, card.version, stage_id)

    def _store(self, id_: int, version: int, stage_id: int) -> None:
        def move(work: Any) -> int:
            service.move(work, id_, version, stage_id)
            return service.get(work, id_).version

        def stored(new_version: int) -> None:
            wanted = self._wanted.get(id_, stage_id)
            if wanted != stage_id:
                self._store(id_, new_version, wanted)
                return
            self._wanted.pop(id_, None)
            self.settled.emit()

        def not_stored(error: BaseException) -> None:
            self._wanted.pop(id_, None)
            self._take_back(error)

        self._desk.tasks.write(self._screen, move, stored, not_stored)

    def win(self, id_: int) -> None:
        """Mark an opportunity as won; the toast takes it back."""
        card = self._view.model.card(id_)
        if card is None or not self._view.may_move:
            return
        version = card.version
        self._leaving.add(id_)
        self._view.model.take(id_)
        self._view.refresh()

        def win(work: Any) -> int:
            service.win(work, id_, version)
            return service.get(work, id_).version

        def won(new_version: int) -> None:
            self._leaving.discard(id_)
            undo = self._reopener(id_, new_version)
            self._desk.toast(_(MARKED_WON).format(name=card.name), _("Undo"), undo, kind="success")
            self.settled.emit()

        def not_won(error: BaseException) -> None:
            self._leaving.discard(id_)
            self._take_back(error)

        self._desk.tasks.write(self._screen, win, won, not_won)

    def lose(self, id_: int) -> None:
        """Ask why an opportunity was lost, and mark it so."""
        card = self._view.model.card(id_)
        if card is None or not self._view.may_move:
            return
        said = _(MARKED_LOST).format(name=card.name)

        def lost() -> None:
            self._desk.toast(said)
            self.settled.emit()

        ask_lost(self._desk, self._screen, id_, card.version, card.name, lost)

    def _reopener(self, id_: int, version: int) -> Callable[[], None]:
        desk, owner = self._desk, self._screen

        def reopen() -> None:
            desk.tasks.write(
                owner,
                lambda work: service.reopen(work, id_, version),
                lambda _done: self.settled.emit(),
                self._take_back,
            )

        return reopen

    def _take_back(self, error: BaseException) -> None:
        self.refused.emit(error)
        self.settled.emit()
