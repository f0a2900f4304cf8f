"""Actions: declared once with name, text, tip, icon, keys and permission; menus and buttons share them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.shared.i18n import _
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.icons import icon
from crm_desktop.ui.theme import redraw_with_theme

Shortcut = str | QKeySequence.StandardKey | None
"""Keys: the standard one of the platform first, else "Ctrl+Shift+A"."""

_MARK: Final = "icon_name"


class DuplicateAction(ValueError):
    """Two actions of one window share a name or a shortcut."""


@dataclass(frozen=True)
class ActionSpec:
    """An action as declared; `text` and `tip` are marked (`N_`) and translated when shown.

    `tip` says what it does in one sentence; without it the text stands in. `checkable` actions toggle.
    """

    name: str
    text: str
    tip: str = ""
    icon: str = ""
    shortcut: Shortcut = None
    permission: Permission | None = None
    checkable: bool = False

    def key_names(self) -> list[str]:
        """Return the shortcuts in portable form, [] for none. Standard keys may have several."""
        return [sequence.toString() for sequence in _sequences(self.shortcut) if not sequence.isEmpty()]


def _sequences(shortcut: Shortcut) -> list[QKeySequence]:
    if shortcut is None or shortcut == "":
        return []
    if isinstance(shortcut, str):
        return [QKeySequence(shortcut)]
    return list(QKeySequence.keyBindings(shortcut))


def check_unique(specs: Iterable[ActionSpec]) -> None:
    """Raise DuplicateAction if two of `specs` share a name or a shortcut."""
    owners: dict[str, str] = {}
    for spec in specs:
        for claim in [f"name {spec.name}", *(f"keys {keys}" for keys in spec.key_names())]:
            if claim in owners:
                raise DuplicateAction(f"{owners[claim]} and {spec.name} both have the {claim}")
            owners[claim] = spec.name


def make_action(spec: ActionSpec, owner: QWidget) -> QAction:
    """Return the action of `spec`, at home in `owner`: its shortcut works while the focus is inside it."""
    action = QAction(owner)
    action.setObjectName(spec.name)
    action.setShortcuts(_sequences(spec.shortcut))
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.setCheckable(spec.checkable)
    action.setProperty(_MARK, spec.icon)
    _say(action, spec)
    if spec.icon:
        action.setIcon(icon(spec.icon))
    owner.addAction(action)
    return action


def _say(action: QAction, spec: ActionSpec) -> None:
    action.setText(_(spec.text))
    tip = _(spec.tip) or _(spec.text).replace("&", "").rstrip(".…")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip} ({keys})" if keys else tip)
    action.setStatusTip(tip)


class ActionSet:
    """The actions of one screen or window by name; those the actor may not use are hidden and off.

    Raises DuplicateAction when two specs share a name or a shortcut.
    """

    def __init__(
        self,
        owner: QWidget,
        specs: Iterable[ActionSpec],
        allowed: Callable[[Permission], bool] | None = None,
    ) -> None:
        specs = tuple(specs)
        check_unique(specs)
        self._specs = {spec.name: spec for spec in specs}
        self._actions = {spec.name: make_action(spec, owner) for spec in specs}
        self._forbidden = frozenset(
            spec.name
            for spec in specs
            if spec.permission is not None and allowed is not None and not allowed(spec.permission)
        )
        for name in self._forbidden:
            self._actions[name].setVisible(False)
            self._actions[name].setEnabled(False)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __contains__(self, name: object) -> bool:
        return name in self._actions

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def offered(self) -> list[QAction]:
        """Return the actions the actor may use, in the order declared."""
        return [action for name, action in self._actions.items() if name not in self._forbidden]

    def on(self, name: str, slot: Callable[[], object]) -> QAction:
        """Connect `name` to a bound method without arguments; returns the action."""
        self._actions[name].triggered.connect(slot)
        return self._actions[name]

    def enable(self, name: str, enabled: bool) -> None:
        """Switch `name` on or off; one that is forbidden stays off."""
        self._actions[name].setEnabled(enabled and name not in self._forbidden)

    def show(self, name: str, shown: bool) -> None:
        """Show or hide `name`; one that is forbidden stays hidden."""
        self._actions[name].setVisible(shown and name not in self._forbidden)

    def retranslate(self) -> None:
        """Say every text and tip again, after a change of language."""
        for name, action in self._actions.items():
            _say(action, self._specs[name])


def refresh_action_icons() -> None:
    """Draw the icons of all actions again, after a change of theme."""
    for window in QApplication.topLevelWidgets():
        for action in window.findChildren(QAction):
            if name := action.property(_MARK):
                action.setIcon(icon(str(name)))


redraw_with_theme(refresh_action_icons)
