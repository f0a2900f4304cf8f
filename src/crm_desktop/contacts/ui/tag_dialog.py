"""Put tags on contacts, or take them off."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from crm_desktop.contacts import service
from crm_desktop.shared.i18n import _, ngettext
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox
from crm_desktop.ui.sheet_dialog import SheetDialog
from crm_desktop.ui.tags_editor import TagsEditor


class TagDialog(SheetDialog):
    """Two fields of tags; `chosen` carries what to add and what to remove."""

    chosen = Signal(object, object)

    def __init__(self, desk: Desk, count: int, parent: QWidget | None = None) -> None:
        title = ngettext("Tag {count} contact", "Tag {count} contacts", count).format(count=f"{count:,}")
        super().__init__(title, _("Tag"), parent=parent)
        self._tagged = ngettext("Tag {count} contact", "Tag {count} contacts", count).format(count=f"{count:,}")
        self.go.setText(self._tagged)
        self.add: TagsEditor | None = None
        self.remove: TagsEditor | None = None
        self.go.setEnabled(False)
        self.go.clicked.connect(self._choose)
        desk.tasks.read(self, service.all_tags, self._build)

    def _build(self, known: Sequence[str]) -> None:
        self.add = TagsEditor("add_tags", _("Put these tags on"), known)
        self.remove = TagsEditor("remove_tags", _("Take these tags off"), known, allow_new=False)
        self.remove.line.setPlaceholderText("")
        for editor in (self.add, self.remove):
            box = FieldBox(editor.label, editor.widget)
            self.body.addWidget(box)
            # The window stands already; what is not shown yet could not take the focus.
            box.show()
            editor.edited.connect(self._settle)
        # Enter ends a tag here; the dialog is left by its button or Ctrl+Enter.
        self.go.setDefault(False)
        self.go.setAutoDefault(False)
        self.add.focus()

    def _settle(self) -> None:
        assert self.add is not None
        assert self.remove is not None
        self.go.setEnabled(not (self.add.is_empty() and self.remove.is_empty()))

    def _choose(self) -> None:
        assert self.add is not None
        assert self.remove is not None
        self.chosen.emit(self.add.value(), self.remove.value())
        self.accept()
