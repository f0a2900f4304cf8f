"""Quotes, orders and deliveries: one document that grows."""
