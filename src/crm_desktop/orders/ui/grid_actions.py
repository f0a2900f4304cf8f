"""What can be done with a line, declared once: the keys, the context menu and Ctrl+K share it."""

from typing import Final

from PySide6.QtGui import QKeySequence

from crm_desktop.shared.i18n import N_
from crm_desktop.ui.actions import ActionSpec

LINE_ACTIONS: Final = (
    ActionSpec("line_insert", N_("Insert a line above"), "", "plus", "Ctrl+Return"),
    ActionSpec("line_duplicate", N_("Copy this line below"), "", "copy", "Ctrl+D"),
    ActionSpec("line_remove", N_("Remove the line"), "", "trash-2", "Ctrl+Del"),
    ActionSpec("line_up", N_("Move the line up"), "", "arrow-up", "Alt+Up"),
    ActionSpec("line_down", N_("Move the line down"), "", "arrow-down", "Alt+Down"),
    ActionSpec(
        "line_remark",
        N_("Remark instead of a product"),
        N_("Make a remark of this line, or a product line of a remark"),
        "sticky-note",
        "Ctrl+T",
    ),
    ActionSpec("line_last_price", N_("Take the last price"), N_("Take what this customer paid last"), "history", "F4"),
    ActionSpec(
        "line_undo", N_("Undo"), N_("Take the last change of the lines back"), "undo-2", QKeySequence.StandardKey.Undo
    ),
    ActionSpec("line_redo", N_("Redo"), N_("Do again what was undone"), "redo-2", QKeySequence.StandardKey.Redo),
)
