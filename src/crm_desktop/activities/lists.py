"""The list of activities."""

from typing import Final

from crm_desktop.activities.fields import CUSTOMER, FIELDS
from crm_desktop.activities.model import Activity
from crm_desktop.activities.search import find
from crm_desktop.contacts.row_list import Described, RowList
from crm_desktop.shared.listing import Sort
from crm_desktop.shared.permissions import Permission

ACTIVITIES: Final = RowList(
    Described(
        entity=Activity,
        fields=FIELDS,
        default_sort=Sort("done_at", descending=True),
        dated=Activity.at_sort,
        read=Permission.ACTIVITY_READ,
        export=Permission.ACTIVITY_EXPORT,
        partition=Activity.owner_key,
        both_sides=True,
        search=find,
        hit=(Activity.subject, CUSTOMER, Activity.state),
    )
)
