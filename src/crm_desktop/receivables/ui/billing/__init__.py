"""Screens of invoices, credit notes and tax invoices."""
