"""Screens of what is owed: due list, ageing, statements, dunning, credit, the customer's money."""
