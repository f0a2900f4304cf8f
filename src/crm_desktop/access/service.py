"""Everything this feature does for others, by topic; `log_in` and `recover` open their own work."""

from crm_desktop.access.company import company, found, update_company
from crm_desktop.access.journal_view import count, entries, entries_by_id, export_entries, ids
from crm_desktop.access.login import (
    change_password,
    confirm_password,
    current_actor,
    log_in,
    must_change_password,
    recover,
)
from crm_desktop.access.people import (
    activate,
    burdens,
    colleagues,
    create_user,
    deactivate,
    names,
    people,
    person,
    person_by_login,
    reset_password,
    update_user,
)
from crm_desktop.access.teams import create_team, remove_team, team_by_name, teams, update_team
from crm_desktop.access.views import delete_view, save_view, share_view, views

__all__ = [
    "activate",
    "burdens",
    "change_password",
    "colleagues",
    "company",
    "confirm_password",
    "count",
    "create_team",
    "create_user",
    "current_actor",
    "deactivate",
    "delete_view",
    "entries",
    "entries_by_id",
    "export_entries",
    "found",
    "ids",
    "log_in",
    "must_change_password",
    "names",
    "people",
    "person",
    "person_by_login",
    "recover",
    "remove_team",
    "reset_password",
    "save_view",
    "share_view",
    "team_by_name",
    "teams",
    "update_company",
    "update_team",
    "update_user",
    "views",
]
