"""Settings → Selling."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm_desktop.products import rules, settings
from crm_desktop.products.settings import SalesProfile
from crm_desktop.shared.changes import Changes
from crm_desktop.shared.errors import Conflict, Invalid, UserError
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSet, ActionSpec
from crm_desktop.ui.buttons import button_for
from crm_desktop.ui.desk import Desk
from crm_desktop.ui.editor import EditorContext
from crm_desktop.ui.fonts import BODY, REGULAR, px
from crm_desktop.ui.icons import icon
from crm_desktop.ui.labels import hairline, section_label, text_label, title_label
from crm_desktop.ui.notes import Note
from crm_desktop.ui.record_form import RecordForm
from crm_desktop.ui.screen import KeyHint, Screen
from crm_desktop.ui.theme import set_ground

_WRITE: Final = Permission.SALES_SETTINGS_WRITE
_SAVE: Final = ActionSpec(
    "save_selling", N_("Save"), icon="save", shortcut=QKeySequence.StandardKey.Save, permission=_WRITE
)
FIELDS: Final = (
    Field("prices_include_tax", None, N_("Prices include tax"), 20, Use.FORM, Kind.BOOLEAN, write=_WRITE),
    Field("tax_method", None, N_("Tax is rounded"), 26, Use.FORM, Kind.STATUS, choices=rules.TAX_METHODS, write=_WRITE),
    Field("tax_percent", None, N_("Tax % of a new product"), 10, Use.FORM, Kind.DECIMAL, write=_WRITE),
    Field("quote_days", None, N_("A quote holds (days)"), 10, Use.FORM, Kind.INTEGER, write=_WRITE),
    Field("quote_prefix", None, N_("Quotes begin with"), 12, Use.FORM, write=_WRITE),
    Field("order_prefix", None, N_("Orders begin with"), 12, Use.FORM, write=_WRITE),
    Field("delivery_prefix", None, N_("Deliveries begin with"), 12, Use.FORM, write=_WRITE),
)
_SECTIONS: Final = (
    (
        N_("Prices and tax"),
        N_(
            "List prices and price lists are kept with or without tax, as you say here, and new documents follow. "
            "What is written down already stays as it is."
        ),
        (("prices_include_tax",), ("tax_method", "tax_percent")),
    ),
    (
        N_("Quotes"),
        N_("A new quote holds that many days from its date; the day can be changed on each one."),
        (("quote_days",),),
    ),
    (
        N_("Numbers"),
        N_("Numbers go on without a gap in each year, such as S2026-0001."),
        (("quote_prefix", "order_prefix", "delivery_prefix"),),
    ),
)


class SalesSettingsScreen(Screen):
    """The settings of selling; everybody may read them, `sales_settings:write` changes them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        set_ground(self, "surface")
        self._profile: SalesProfile | None = None
        self._saving = False
        self.actions_here = ActionSet(self, (_SAVE,), desk.actor.may)
        self.actions_here[_SAVE.name].triggered.connect(self.save)
        context = EditorContext(today=lambda: desk.today, actor=desk.actor)
        needed = {"tax_percent": (True, None), "quote_days": (True, None)}
        self.form = RecordForm(FIELDS, context, needed, parent=self)
        self.form.hide()
        self.form.dirty_changed.connect(self._show_dirty)
        self.note = Note()
        self.note.action_clicked.connect(self.reload)
        self.note.clear()
        self._lay_out()
        desk.changes.changed.connect(self._take_changes)
        self._show_dirty(False)
        self.reload()

    def _lay_out(self) -> None:
        head = QWidget()
        head.setMinimumHeight(px(48))
        row = QHBoxLayout(head)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        self._title = title_label(self.title())
        row.addWidget(self._title)
        row.addStretch()
        row.addWidget(button_for(self.actions_here[_SAVE.name], "primary", head))
        inside = QWidget()
        set_ground(inside, "surface")
        inside.setMaximumWidth(px(720))
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(16), px(16), px(16))
        column.setSpacing(px(12))
        self._texts: list[tuple[Any, str]] = []
        for title, text, rows in _SECTIONS:
            self._add_section(column, title, text, rows)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, hairline(), self.note):
            whole.addWidget(part)
        whole.addWidget(area, 1)

    def _add_section(self, column: QVBoxLayout, title: str, text: str, rows: Sequence[tuple[str, ...]]) -> None:
        heading, explains = section_label(_(title)), text_label(_(text), BODY, REGULAR, "text2", wrap=True)
        self._texts += [(heading, title), (explains, text)]
        column.addWidget(heading)
        column.addWidget(explains)
        for names in rows:
            column.addLayout(self.form.row(*names))
        column.addSpacing(px(12))

    # What the window uses

    def title(self) -> str:
        """Return the name of the screen."""
        return _("Selling")

    def icon(self) -> QIcon:
        """Return the icon of the screen."""
        return icon("banknote")

    def actions_offered(self) -> Sequence[QAction]:
        """Return what can be done here."""
        return self.actions_here.offered()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of this screen."""
        return [KeyHint("Ctrl+S", _("Save"))]

    @property
    def unsaved(self) -> bool:
        """Return whether something typed is not stored yet."""
        return self.form.is_dirty

    def can_close(self) -> bool:
        """Ask only when something typed would be lost."""
        if not self.unsaved:
            return True
        title = _("The settings of selling are not saved")
        return self.desk.dialogs.confirm(title, "", _("Discard what I typed"), keep=_("Stay here"))

    def reload(self) -> None:
        """Read the settings again; what was typed stays."""
        self.desk.tasks.read(self, settings.get_settings, self._show, self._show_refusal, coalesce="selling")

    # Reading and saving

    def _show(self, profile: SalesProfile) -> None:
        first, self._profile = self._profile is None, profile
        self.note.clear()
        if first:
            self.form.load(profile.values())
            self.form.focus_first()
        else:
            self.form.rebase(profile.values())

    def save(self) -> None:
        """Save what differs from the settings that were read."""
        if self._profile is None or self._saving or not self.form.validate():
            return
        changes, version = self.form.changes(), self._profile.version
        if not changes:
            return
        self._saving = True
        self.note.clear()
        self.desk.tasks.write(
            self,
            lambda work: settings.save_settings(work, version, changes),
            self._show_saved,
            self._show_refusal,
            label=_("Saving the settings"),
        )

    def _show_saved(self, profile: SalesProfile) -> None:
        self._saving = False
        self._profile = profile
        self.form.load(profile.values())
        self._show_dirty(False)
        self.desk.toast(_("The settings are saved."))

    def _show_refusal(self, error: BaseException) -> None:
        self._saving = False
        if isinstance(error, Invalid) and self.form.field_error(error.field, str(error)):
            return
        if isinstance(error, Conflict):
            said = _("{person} changed the same setting meanwhile. Read it, then decide.")
            who = error.changed_by or _("Somebody else")
            self.note.show_message("warn", said.format(person=who), _("Read again"))
        elif isinstance(error, UserError):
            self.note.show_message("danger", str(error))

    def _take_changes(self, changes: Changes) -> None:
        if changes.touches(settings.ENTITY) and not self._saving:
            self.reload()

    def _show_dirty(self, _dirty: bool) -> None:
        self.actions_here.enable(_SAVE.name, self.form.is_dirty)
        self.state_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Say the headings in the language on screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_texts"):
            self._title.setText(self.title())
            self.actions_here.retranslate()
            for label, text in self._texts:
                label.setText(_(text))
