"""Invoices and receipts that come in from files as they were in the system before, and how that is taken back."""
