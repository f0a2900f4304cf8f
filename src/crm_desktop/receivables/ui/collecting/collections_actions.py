"""What can be done from Collections, with one key each."""

from typing import Final

from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec

CALL: Final = ActionSpec(
    "call",
    N_("Call"),
    N_("Write down what was said, what is promised, and when to call next"),
    "phone",
    "C",
    Permission.ACTIVITY_WRITE,
)
PROMISE: Final = ActionSpec(
    "promise",
    N_("Promise"),
    N_("Write down what the customer promised to pay, and until when"),
    "handshake",
    "P",
    Permission.PROMISE_WRITE,
)
RECEIPT: Final = ActionSpec(
    "receipt",
    N_("Receipt"),
    N_("Enter what the customer paid, and come back"),
    "banknote",
    "R",
    Permission.RECEIPT_POST,
)
STATEMENT: Final = ActionSpec(
    "statement", N_("Statement"), N_("Open the customer's statement of account"), "file-text", "S"
)
DISPUTE: Final = ActionSpec(
    "dispute",
    N_("Dispute"),
    N_("Say what the customer objects to in the chosen instalment, or that it is settled"),
    "hand",
    "D",
    Permission.PROMISE_WRITE,
)
LETTERS: Final = ActionSpec("letters", N_("Letters"), N_("Show the letters this customer got"), "mail", "L")
DUNNING: Final = ActionSpec(
    "dunning",
    N_("Dunning run…"),
    N_("See which letters are to go out today, and send them"),
    "send",
    "",
    Permission.DUNNING_WRITE,
)
STATEMENTS: Final = ActionSpec(
    "statements", N_("Statements…"), N_("Statements of account of all customers"), "file-text"
)
EXPORT: Final = ActionSpec(
    "export",
    N_("Export"),
    N_("Take this list as it stands to Excel or PDF"),
    "download",
    "Ctrl+E",
    Permission.REPORT_EXPORT,
)
ABOUT_ONE: Final = (CALL, PROMISE, RECEIPT, STATEMENT, DISPUTE, LETTERS)
