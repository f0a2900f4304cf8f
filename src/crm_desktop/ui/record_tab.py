"""The tab of a record whose form has to know something first: what it asks, drafts, the language on screen."""

from typing import Any, ClassVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.drafts import DraftStore
from crm_desktop.ui.icons import icon
from crm_desktop.ui.prepared import PreparedScreen
from crm_desktop.ui.record_screen import RecordScreen
from crm_desktop.ui.screen import Screen


class RecordTab(PreparedScreen):
    """A subclass implements `ask` and `make`, and names its words and its icon; `record_id` None is a new record.

    With `drafts` and the key of the `company` what is typed survives a crash.
    """

    new_title: ClassVar[str]
    opening_title: ClassVar[str]
    icon_name: ClassVar[str]

    def __init__(
        self,
        desk: Desk,
        record_id: int | None,
        drafts: DraftStore | None = None,
        company: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._first_id, self._drafts, self._company = record_id, drafts, company
        super().__init__(desk, parent)

    def make(self, answer: Any) -> RecordScreen:
        """Return the record for what `ask` found."""
        raise NotImplementedError

    def build(self, answer: Any) -> Screen:
        """Return the record."""
        record = self.make(answer)
        if self._drafts is not None:
            record.keep_drafts(self._drafts, self._company)
        return record

    @property
    def record(self) -> Any:
        """Return the record screen, None until it is built."""
        return self.inside

    @property
    def record_id(self) -> int | None:
        """Return the record shown; a new one has an id once it is stored."""
        return self.inside.record_id if isinstance(self.inside, RecordScreen) else self._first_id

    def begin(self, inside: Screen) -> None:
        """Begin with the first field of a new record."""
        if self._first_id is None and isinstance(inside, RecordScreen):
            inside.form.focus_first()
        else:
            super().begin(inside)

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in the language on screen; what is typed is not given up for that."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.inside is not None and not self.unsaved:
            self._first_id = self.record_id
            self.prepare()

    def title(self) -> str:
        """Return the name of the record."""
        if self.inside is None:
            return _(self.new_title if self._first_id is None else self.opening_title)
        return super().title()

    def icon(self) -> QIcon:
        """Return the icon of the tab."""
        return super().icon() if self.inside is not None else icon(self.icon_name)
