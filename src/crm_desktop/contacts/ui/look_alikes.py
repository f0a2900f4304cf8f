"""The strip above a form that says: this looks like a contact you have already."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from crm_desktop.contacts import duplicates, service, wording
from crm_desktop.contacts.rules import Match
from crm_desktop.contacts.ui import words
from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm

SETTLE_MS: Final = 350
_COMPARED: Final = frozenset({"name", "kind", "registration_number", "points"})


class LookAlikes(QObject):
    """Watches a form while it is typed and keeps `note` true; asks off the GUI thread, the newest wins."""

    def __init__(self, desk: Desk, form: RecordForm, note: Note) -> None:
        super().__init__(form)
        self._desk, self._form, self._note = desk, form, note
        self.but: int | None = None
        self.matches: Sequence[Match] = ()
        self._asked: dict[str, Any] = {}
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        form.edited.connect(self._settle.start)
        note.action_clicked.connect(self._act)

    def stored_as(self, contact_id: int) -> None:
        """What is compared was stored or read as this contact; it never looks like itself."""
        self.but, self._asked = contact_id, {}
        self._ask()

    def _ask(self) -> None:
        values = self._form.values()
        asked = {name: values.get(name) for name in _COMPARED}
        changed = _COMPARED & self._form.changes().keys()
        if not changed:
            self._asked = {}
            self._show(())
            return
        if asked == self._asked:
            return
        self._asked = asked
        but = self.but

        def show(found: list[Match]) -> None:
            # A save that was under way when this was asked has stored what is compared.
            if asked == self._asked:
                self._show([match for match in found if match.id is None or match.id != self.but])

        def look(work: Any) -> list[Match]:
            return duplicates.look_alikes(
                work,
                kind=asked["kind"] or "company",
                name=asked["name"] or "",
                registration_number=asked["registration_number"] or "",
                points=asked["points"] or (),
                but=but,
            )

        self._desk.tasks.read(self, look, show, coalesce="look-alikes")

    def _show(self, matches: Sequence[Match]) -> None:
        self.matches = matches
        if not matches:
            self._note.clear()
            return
        text, action = self._words(matches[0], len(matches) - 1)
        self._note.show_message("warn", text, action, icon="copy")

    def _words(self, match: Match, more: int) -> tuple[str, str]:
        who = wording.owner(self._desk.names, match.owner_id)
        if match.id is None:
            text = _("{owner} has a contact that looks like this one ({why}).").format(
                owner=who, why=words.why(match.why)
            )
            action = _("Ask for it")
        elif match.owner_id is None:
            text = _("Looks like {name}, in the public pool ({why}).").format(name=match.name, why=words.why(match.why))
            action = _("Open")
        else:
            text = _("Looks like {name}, owned by {owner} ({why}).").format(
                name=match.name, owner=who, why=words.why(match.why)
            )
            action = _("Open")
        if more:
            text = _("{sentence} And {count} more.").format(sentence=text, count=more)
        return text, action

    def _act(self) -> None:
        if not self.matches:
            return
        match = self.matches[0]
        if match.id is not None:
            self._desk.open_record(service.ENTITY, match.id)
            return
        who = wording.owner(self._desk.names, match.owner_id)
        typed = str(self._form.values().get("name") or "")
        message = _(
            "I was about to write down “{name}” and the program says that you look after a contact like it. "
            "May I take it over, or work on it with you?"
        ).format(name=typed)
        QGuiApplication.clipboard().setText(message)
        self._desk.toast(_("A message to {owner} is on the clipboard").format(owner=who))
