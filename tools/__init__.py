"""Small programs for people who work on CRM Desktop; none is shipped."""
