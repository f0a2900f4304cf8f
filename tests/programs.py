"""The end of a whole program that a test has run."""

from crm_desktop.app.ui.program import Program


def put_away(program: Program) -> None:
    """Stop the program and let its window go, and no other.

    What `QApplication.topLevelWidgets` names besides may be the popup of a `QCompleter`, which deletes it
    a second time with itself: the next test would end in a crash.
    """
    program.stop()
    if program.window is not None:
        program.window.deleteLater()
    program.deleteLater()
