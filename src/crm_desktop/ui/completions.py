"""The list of proposals under a line of text, dressed like the list of a choice."""

from typing import Final

from PySide6.QtWidgets import QCompleter

# Qt gives the list neither an edge nor room between its lines; palette roles follow light and dark.
_DRESS: Final = """
QListView { background: palette(base); color: palette(text); border: 1px solid palette(mid); padding: 4px; }
QListView::item { min-height: 24px; padding: 0 4px; border: 0; border-radius: 4px; }
QListView::item:selected, QListView::item:hover { background: palette(highlight); color: palette(text); }
"""


def dress_completions(completer: QCompleter) -> None:
    """Give the proposals of `completer` the looks of every other list that drops down."""
    completer.popup().setStyleSheet(_DRESS)
