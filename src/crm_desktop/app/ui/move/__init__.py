"""Moving a company from a file to a server, or back."""
