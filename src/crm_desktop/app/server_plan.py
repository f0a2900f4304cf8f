"""What the server enforces, put together from the role definitions and every feature's tables."""

from crm_desktop.access import protection as access
from crm_desktop.access.rules import ROLES
from crm_desktop.activities import protection as activities
from crm_desktop.backup import protection as backup
from crm_desktop.contacts import protection as contacts
from crm_desktop.db.row_security import AccessPlan
from crm_desktop.db.server_roles import Rights
from crm_desktop.exchange import protection as exchange
from crm_desktop.orders import protection as orders
from crm_desktop.pipeline import protection as pipeline
from crm_desktop.products import protection as products
from crm_desktop.receivables import protection as receivables
from crm_desktop.reports import protection as reports


def access_plan() -> AccessPlan:
    """Return the plan that `prepare_server` carries out."""
    return AccessPlan(
        roles={key: Rights(role.permissions, role.scopes) for key, role in ROLES.items()},
        tables=(
            *(*access.TABLES, *exchange.TABLES, *contacts.TABLES, *products.TABLES, *reports.TABLES, *orders.TABLES),
            *(*activities.TABLES, *pipeline.TABLES, *receivables.TABLES),
            *backup.TABLES,
        ),
        functions=(
            *(*access.FUNCTIONS, *exchange.FUNCTIONS, *contacts.FUNCTIONS, *products.FUNCTIONS, *orders.FUNCTIONS),
            *(*activities.FUNCTIONS, *pipeline.FUNCTIONS, *receivables.FUNCTIONS),
        ),
        triggers=(*access.TRIGGERS, *contacts.TRIGGERS, *products.TRIGGERS, *receivables.TRIGGERS),
        seen=(
            *(*access.SEEN, *contacts.SEEN, *products.SEEN, *orders.SEEN, *activities.SEEN, *pipeline.SEEN),
            *receivables.SEEN,
        ),
        moved=(*contacts.MOVED, *activities.MOVED, *pipeline.MOVED),
    )
