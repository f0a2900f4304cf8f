"""The company, its people, teams and roles; login; the journal viewer."""
