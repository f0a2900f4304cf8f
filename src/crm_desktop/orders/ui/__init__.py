"""Screens of quotes, orders and deliveries."""
