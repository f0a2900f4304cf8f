"""SQLAlchemy: engines, units of work, row scope, the journal and queries made from field descriptions."""
