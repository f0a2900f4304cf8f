"""Settings → My account: one's own password, and how the program looks on this computer."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.access import login
from crm_desktop.shared.errors import Invalid, UserError
from crm_desktop.shared.i18n import LANGUAGES, N_, _, current_language
from crm_desktop.ui.buttons import Button
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.fieldbox import FieldBox, PasswordEdit
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.screen_rows import head_row
from crm_desktop.ui.settings import COMPACT_ROWS, THEME
from crm_desktop.ui.theme import CHOICES, set_ground, theme

THEMES = {"system": N_("Like the system"), "light": N_("Light"), "dark": N_("Dark")}


class AccountPage(Screen):
    """Everybody has it."""

    def __init__(self, desk: Desk, server: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._server = server
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(560))
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(px(16), px(16), px(16), px(16))
        self._column.setSpacing(px(12))
        self._add_looks()
        self._column.addSpacing(px(12))
        self._add_password()
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        head, row = head_row()
        row.addWidget(title_label(self.title()))
        row.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, hairline()):
            whole.addWidget(part)
        whole.addWidget(area, 1)
        self.setFocusProxy(self.language)

    def _add_looks(self) -> None:
        self._column.addWidget(section_label(_("How it looks")))
        said = _("Kept on this computer, for you alone.")
        self._column.addWidget(text_label(said, BODY, REGULAR, "text2", wrap=True))
        self.language, self.theme = QComboBox(), QComboBox()
        for key, name in LANGUAGES.items():
            self.language.addItem(name, key)
        self.language.setCurrentIndex(self.language.findData(current_language()))
        self.language.activated.connect(self._choose_language)
        for key in CHOICES:
            self.theme.addItem(_(THEMES[key]), key)
        self.theme.setCurrentIndex(self.theme.findData(self.desk.settings.get(THEME)))
        self.theme.activated.connect(self._choose_theme)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(FieldBox(_("Language"), self.language))
        row.addWidget(FieldBox(_("Colours"), self.theme))
        row.addStretch(1)
        self._column.addLayout(row)
        self.compact = QCheckBox(_("Compact rows in lists"))
        self.compact.setChecked(self.desk.settings.get(COMPACT_ROWS))
        self.compact.toggled.connect(self._choose_rows)
        self._column.addWidget(self.compact)

    def _add_password(self) -> None:
        self._column.addWidget(section_label(_("Your password")))
        self.old, self.new, self.again = PasswordEdit(), PasswordEdit(), PasswordEdit()
        texts = (_("Present password"), _("New password"), _("New password again"))
        self.boxes = [FieldBox(text, edit) for text, edit in zip(texts, (self.old, self.new, self.again), strict=True)]
        for text, box in zip(texts, self.boxes, strict=True):
            box.editor.setAccessibleName(text)
            box.setMaximumWidth(px(300))
            self._column.addWidget(box)
        self.again.returnPressed.connect(self.change_password)
        self.note = Note()
        self.note.clear()
        self._column.addWidget(self.note)
        self.go = Button(_("Change the password"), "primary")
        self.go.clicked.connect(self.change_password)
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addStretch(1)
        self._column.addLayout(row)

    def _choose_language(self) -> None:
        chosen = str(self.language.currentData())
        choose = getattr(self.window(), "choose_language", None)
        if choose is not None and chosen != current_language():
            choose(chosen)

    def _choose_theme(self) -> None:
        chosen = str(self.theme.currentData())
        self.desk.settings.set(THEME, chosen)
        theme().choose(chosen)

    def _choose_rows(self, compact: bool) -> None:
        self.desk.settings.set(COMPACT_ROWS, compact)
        self.desk.toast(_("Lists that are opened from now on have these rows."))

    def change_password(self) -> None:
        """Check what was typed and set the new password."""
        old, new, again = self.old.text(), self.new.text(), self.again.text()
        for box in self.boxes:
            box.set_error("")
        if not old:
            self._refuse(0, _("Type your present password."))
        elif not new:
            self._refuse(1, _("Type a new password."))
        elif new != again:
            self._refuse(2, _("The two are not the same. Type the new password again."))
        else:
            server = self._server
            self.go.setEnabled(False)
            self.desk.tasks.write(
                self,
                lambda work: login.change_password(work, old, new, server),
                lambda _done: self._changed(),
                self._failed,
                label=_("Changing the password"),
            )

    def _changed(self) -> None:
        self.go.setEnabled(True)
        for edit in (self.old, self.new, self.again):
            edit.clear()
        self.note.clear()
        self.desk.toast(_("Your password is changed."), kind="success")

    def _failed(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        if isinstance(error, Invalid):
            self._refuse(0 if error.field == "old" else 1, str(error))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _refuse(self, place: int, text: str) -> None:
        self.boxes[place].set_error(text)
        self.boxes[place].editor.setFocus()

    def title(self) -> str:
        """Return the name of the screen."""
        return _("My account")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("user")

    def keys(self) -> Sequence[KeyHint]:
        """Return no keys of its own."""
        return ()
