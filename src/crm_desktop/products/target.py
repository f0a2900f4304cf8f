"""What files may bring into products and price lists."""

from crm_desktop.products.incoming.prices import PRICE_LISTS
from crm_desktop.products.incoming.products import PRODUCTS

__all__ = ["PRICE_LISTS", "PRODUCTS"]
