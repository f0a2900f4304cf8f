"""What every layer may know: permissions, fields, errors, money, time and text. No Qt, no SQLAlchemy at run time."""
