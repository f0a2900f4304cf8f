"""Screens of what is owed: collections, ageing, statements, dunning, credit, the customer's money."""
