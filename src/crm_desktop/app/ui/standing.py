"""What the strips above every sheet say from the start: demo data, a company that moved or can only be read."""

from typing import TYPE_CHECKING

from crm_desktop.shared.i18n import _

if TYPE_CHECKING:
    from crm_desktop.app.ui.main_window import MainWindow


def say_standing(window: "MainWindow") -> None:
    """Say what holds for the whole company as it was opened."""
    database = window.session.database
    if window.session.profile.is_demo:
        said = _("This is demo data. Try anything; nobody is called and nothing is sent.")
        window.demo.show_message("info", said, _("Start your own company…"))
    if moved_to := window.session.profile.moved_to:
        said = _("What stands here is of the time before, and can only be read.")
        window.read_only.show_message(
            "warn", said, _("Open it there"), icon="server",
            lead=_("This company was moved to {place}.").format(place=moved_to),
        )  # fmt: skip
        window.read_only.action_clicked.connect(lambda: window.place_changed.emit(moved_to, ""))
    elif holder := database.held_by:
        said = _(
            "{who} works in this company just now. On a shared folder one computer works at a time: here you can "
            "read. Several people at once need PostgreSQL."
        ).format(who=holder)
        window.read_only.show_message("warn", said, icon="lock")
    elif database.read_only:
        said = _("The company is open for reading only here: its file or folder may not be written.")
        window.read_only.show_message("warn", said, icon="lock")
