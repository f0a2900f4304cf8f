"""CRM Desktop: customer relations and receivables for small firms."""

__version__ = "0.1.0"
