"""Takes the list of products out of the program as it is seen; every export is journalled."""

from typing import Final

from crm_desktop.exchange.list_export import ListExport
from crm_desktop.products import lists
from crm_desktop.products.model import Product
from crm_desktop.products.service import ENTITY
from crm_desktop.shared.i18n import N_
from crm_desktop.shared.permissions import Permission

PRODUCT_EXPORT: Final = ListExport(lists, Permission.PRODUCT_EXPORT, ENTITY, N_("Products"), model=Product)
write_file = PRODUCT_EXPORT.write_file
note_export = PRODUCT_EXPORT.note_export
