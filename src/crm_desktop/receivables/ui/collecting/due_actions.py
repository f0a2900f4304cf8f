"""What can be done from the due list, with one key each, and who can be listed."""

from typing import Final

from crm_desktop.receivables.collecting.due_list import AHEAD_DAYS
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission
from crm_desktop.ui.actions import ActionSpec

PROMISE: Final = ActionSpec(
    "promise",
    N_("Promise"),
    N_("Write down what the customer promised to pay, and until when"),
    "handshake",
    "P",
    Permission.PROMISE_WRITE,
)
DISPUTE: Final = ActionSpec(
    "dispute",
    N_("Dispute"),
    N_("Say what the customer objects to in the chosen instalment, or that it is settled"),
    "hand",
    "D",
    Permission.PROMISE_WRITE,
)
RECEIPT: Final = ActionSpec(
    "receipt", N_("Receipt"), N_("Enter what the customer paid"), "banknote", "R", Permission.RECEIPT_POST
)
STATEMENT: Final = ActionSpec(
    "statement", N_("Statement"), N_("Open the customer's statement of account"), "file-text", "S"
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
ABOUT_ONE: Final = (PROMISE, RECEIPT, DISPUTE, STATEMENT, LETTERS)
AHEAD: Final = (
    (AHEAD_DAYS, N_("Overdue, or due within 30 days")),
    (7, N_("Overdue, or due within 7 days")),
    (0, N_("Overdue or due today")),
    (None, N_("Everybody who owes")),
)
