"""What is owed as of any day, and getting it in: balances, ageing, statements, due list, dunning, credit."""
