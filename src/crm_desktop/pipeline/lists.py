"""The list of opportunities."""

from typing import Final

from crm_desktop.contacts.row_list import Described, RowList
from crm_desktop.pipeline.fields import FIELDS
from crm_desktop.pipeline.model import Opportunity
from crm_desktop.pipeline.search import find
from crm_desktop.shared.listing import Sort
from crm_desktop.shared.permissions import Permission

OPPORTUNITIES: Final = RowList(
    Described(
        entity=Opportunity,
        fields=FIELDS,
        default_sort=Sort("expected_on"),
        dated=Opportunity.opened_on,
        read=Permission.OPPORTUNITY_READ,
        export=Permission.OPPORTUNITY_EXPORT,
        partition=Opportunity.owner_key,
        search=find,
        hit=(Opportunity.name, next(one.reads for one in FIELDS if one.name == "customer"), Opportunity.state),
    )
)
