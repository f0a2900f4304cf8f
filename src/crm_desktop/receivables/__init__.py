"""Receivables: invoices, credit notes, receipts, what is owed as of any day, and getting it in."""
