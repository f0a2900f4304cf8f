"""Invoices and credit notes: drafts, posting, what they claim, their paper, the register of tax invoices."""
