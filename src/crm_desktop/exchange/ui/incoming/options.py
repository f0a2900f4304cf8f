"""What a person decides about a whole sheet: by what rows meet their record, what happens then, the owner."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from crm_desktop.exchange.sheets.drafting import Draft
from crm_desktop.shared.fields import Kind
from crm_desktop.shared.i18n import N_, _
from crm_desktop.shared.importing import ID_FIELD, ImportOptions, OnMatch
from crm_desktop.ui.flow_layout import FlowLayout
from crm_desktop.ui.fonts import px
from crm_desktop.ui.labels import caption
from crm_desktop.ui.theme import set_ground

_ON_MATCH: Final = (
    (OnMatch.UPDATE, N_("Update it")),
    (OnMatch.SKIP, N_("Leave it as it is")),
    (OnMatch.ERROR, N_("Count the row as an error")),
)
_OWNERS: Final = ("owner", "salesperson")
_REFERS: Final = ("customer", "customer_code", "product", "product_code", "invoice")
_WIDEST_PX: Final = 300
_KEY, _MATCH, _OWNER, _MISSING = "key", "on_match", "owner", "create_missing"


class ImportChoices(QWidget):
    """Combos with their labels above, as many in a row as there is room for."""

    decided = Signal(object)
    """Carries the new `ImportOptions`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_ground(self, "surface")
        self._options = ImportOptions()
        self.combos: dict[str, QComboBox] = {}
        self.create_missing: QCheckBox | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(16), px(8), px(16), px(8))
        self._inside: QWidget | None = None

    def show_draft(self, draft: Draft) -> None:
        """Ask what can be decided about `draft`."""
        self._options = draft.options
        self.combos, self.create_missing = {}, None
        if self._inside is not None:
            self._column.removeWidget(self._inside)
            self._inside.deleteLater()
        self._inside = QWidget()
        flow = FlowLayout(self._inside, px(12))
        flow.setContentsMargins(0, 0, 0, 0)
        labels = {field.name: _(field.label) for field in draft.context.fields}
        keys = [("", _("The usual way")), *((key, labels[key]) for key in draft.target.keys if key in labels)]
        keys = [(key, label) for key, label in keys if key != ID_FIELD]
        if len(keys) > 1:
            self._add(flow, _KEY, _("Rows meet their record by"), keys, draft.options.key)
        found = [(str(key), _(label)) for key, label in _ON_MATCH]
        self._add(flow, _MATCH, _("When it is there already"), found, str(draft.options.on_match))
        if owner := next(
            (field for field in draft.context.fields if field.name in _OWNERS and field.kind is Kind.USER), None
        ):
            label = _("{field} where none is given").format(field=_(owner.label))
            self._add(flow, _OWNER, label, _people(draft), draft.options.owner)
        for choice in draft.target.choices:
            offered = [(key, _(text)) for key, text in choice.choices]
            chosen = draft.options.chosen.get(choice.name, offered[0][0] if offered else "")
            self._add(flow, choice.name, _(choice.label), offered, chosen)
        if any(field.name in _REFERS for field in draft.context.fields):
            self._add_tick(flow, draft)
        self._column.addWidget(self._inside)

    def _add(self, flow: FlowLayout, name: str, label: str, offered: Sequence[tuple[Any, str]], chosen: Any) -> None:
        combo = QComboBox()
        combo.setAccessibleName(label)
        combo.setProperty("dense", True)
        combo.setMaximumWidth(px(_WIDEST_PX))
        for key, text in offered:
            combo.addItem(text, key)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.activated.connect(lambda _index: self._decide())
        self.combos[name] = combo
        flow.addWidget(_labelled(caption(label), combo))

    def _add_tick(self, flow: FlowLayout, draft: Draft) -> None:
        label = _("Create customers and products that are not there yet")
        self.create_missing = QCheckBox(label)
        self.create_missing.setChecked(draft.options.create_missing)
        self.create_missing.toggled.connect(lambda _on: self._decide())
        flow.addWidget(_labelled(caption(" "), self.create_missing))

    def _decide(self) -> None:
        own = (_KEY, _MATCH, _OWNER)
        chosen = {name: str(combo.currentData()) for name, combo in self.combos.items() if name not in own}
        changed = replace(
            self._options,
            on_match=OnMatch(self.combos[_MATCH].currentData()),
            chosen={**self._options.chosen, **chosen},
        )
        if _KEY in self.combos:
            changed = replace(changed, key=str(self.combos[_KEY].currentData() or ""))
        if _OWNER in self.combos:
            changed = replace(changed, owner=self.combos[_OWNER].currentData())
        if self.create_missing is not None:
            changed = replace(changed, create_missing=self.create_missing.isChecked())
        self._options = changed
        self.decided.emit(changed)


def _people(draft: Draft) -> list[tuple[int | None, str]]:
    """Return who can be named: the users of the company, by name."""
    named = {one for found in draft.context.users.values() for one in found}
    known = sorted(named, key=lambda one: one[1])
    return [(None, _("As for a new record")), *known]


def _labelled(label: QWidget, editor: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(3))
    column.addWidget(label)
    column.addWidget(editor)
    return box
