"""Screens of activities, the timeline, reminders and the pool."""
