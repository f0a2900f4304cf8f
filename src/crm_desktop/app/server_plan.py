"""What the server enforces, put together from the role definitions and every feature's tables."""

from crm_desktop.access import protection as access
from crm_desktop.access.rules import ROLES
from crm_desktop.contacts import protection as contacts
from crm_desktop.db.row_security import AccessPlan
from crm_desktop.db.server_roles import Rights


def access_plan() -> AccessPlan:
    """Return the plan that `prepare_server` carries out."""
    return AccessPlan(
        roles={key: Rights(role.permissions, role.scopes) for key, role in ROLES.items()},
        tables=(*access.TABLES, *contacts.TABLES),
        functions=(*access.FUNCTIONS, *contacts.FUNCTIONS),
        triggers=(*access.TRIGGERS, *contacts.TRIGGERS),
        seen=(*access.SEEN, *contacts.SEEN),
        moved=contacts.MOVED,
    )
