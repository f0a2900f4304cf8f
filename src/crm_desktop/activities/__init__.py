"""What is said to contacts and what is to be done next: activities, timeline, reminders, the public pool."""
