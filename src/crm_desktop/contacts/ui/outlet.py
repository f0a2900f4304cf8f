"""How the list of contacts leaves the program."""

from typing import Final

from crm_desktop.contacts import export
from crm_desktop.contacts.ui import words
from crm_desktop.exchange.ui.export_dialog import Outlet
from crm_desktop.shared.i18n import N_

OUTLET: Final = Outlet(
    title=N_("Export contacts"),
    rows=N_("Contacts"),
    counted=words.counted,
    write_file=export.write_file,
    note_export=export.note_export,
    more=(
        (
            ".vcf",
            N_("vCard for phones and mail programs (.vcf)"),
            N_("vCard (*.vcf)"),
            N_("Each contact with all its phones, e-mail addresses and postal addresses."),
        ),
    ),
)
