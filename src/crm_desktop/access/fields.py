"""The one description of the fields of the company, its people and its journal."""

from typing import Final

from crm_desktop.access.model import Company, User
from crm_desktop.access.sentences import ACTIONS, ENTITIES, LABELS
from crm_desktop.db.journal import JournalEntry
from crm_desktop.shared.fields import Field, Kind, Use
from crm_desktop.shared.i18n import LANGUAGES, N_
from crm_desktop.shared.permissions import Permission

SHOWN: Final = Use.TABLE | Use.DEFAULT | Use.EXPORT
_COMPANY: Final = LABELS["company"]
_USER: Final = LABELS["user"]

COMPANY_FIELDS: Final = (
    Field("name", Company.name, _COMPANY["name"], 40, Use.FORM, write=Permission.COMPANY_WRITE),
    Field("currency", Company.currency, _COMPANY["currency"], 6, Use.FORM, write=Permission.COMPANY_WRITE),
    Field("timezone", Company.timezone, _COMPANY["timezone"], 24, Use.FORM, write=Permission.COMPANY_WRITE),
    Field(
        "language",
        Company.language,
        _COMPANY["language"],
        16,
        Use.FORM,
        Kind.CHOICE,
        choices=tuple(LANGUAGES.items()),
        write=Permission.COMPANY_WRITE,
    ),
    Field("country", Company.country, N_("Country (two letters)"), 6, Use.FORM, write=Permission.COMPANY_WRITE),
    Field(
        "idle_lock_minutes",
        Company.idle_lock_minutes,
        N_("Lock the screen after minutes (0: never)"),
        8,
        Use.FORM,
        Kind.INTEGER,
        write=Permission.COMPANY_WRITE,
    ),
    Field(
        "attachment_limit_mb",
        Company.attachment_limit_bytes,
        N_("Largest file people may attach (MB)"),
        8,
        Use.FORM,
        Kind.INTEGER,
        write=Permission.COMPANY_WRITE,
    ),
)
"""What the settings page of the company asks; the limit is shown in MB."""

PERSON_FIELDS: Final = (
    Field("name", User.name, _USER["name"], 24, SHOWN | Use.FORM, write=Permission.USER_WRITE),
    Field("login", User.login, _USER["login"], 14, SHOWN | Use.FORM, write=Permission.USER_WRITE),
    Field("roles", None, _USER["roles"], 24, SHOWN, Kind.TAGS),
    Field("team", None, _USER["team_id"], 16, SHOWN),
    Field(
        "status",
        User.active,
        N_("Status"),
        14,
        SHOWN | Use.FILTER,
        Kind.STATUS,
        choices=(
            ("active", N_("Active")),
            ("new", N_("Not logged in yet")),
            ("deactivated", N_("Deactivated")),
        ),
        shapes=(("active", "disc"), ("new", "ring"), ("deactivated", "cross")),
    ),
    Field("last_login_at", User.last_login_at, N_("Last login"), 12, SHOWN, Kind.INSTANT),
    Field("language", User.language, _USER["language"], 14, Use.FORM, Kind.CHOICE, choices=tuple(LANGUAGES.items())),
)
"""The list of people; roles are shown by name."""

JOURNAL_FIELDS: Final = (
    Field("what", None, N_("What happened"), 60, SHOWN),
    Field("at", JournalEntry.at, N_("Day"), 12, SHOWN | Use.FILTER, Kind.INSTANT),
    Field("time", None, N_("Time"), 9, SHOWN),
    Field("actor_id", JournalEntry.actor_id, N_("Done by"), 16, SHOWN | Use.FILTER, Kind.USER),
    Field(
        "entity",
        JournalEntry.entity,
        N_("Kind of record"),
        14,
        SHOWN | Use.FILTER,
        Kind.CHOICE,
        choices=tuple(ENTITIES.items()),
    ),
    Field(
        "action",
        JournalEntry.action,
        N_("Action"),
        12,
        SHOWN | Use.FILTER,
        Kind.CHOICE,
        choices=tuple(ACTIONS.items()),
    ),
)
"""The journal; the app adds the entities of the other features to the choices of "entity"."""
