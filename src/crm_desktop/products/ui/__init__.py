"""Screens of products and price lists."""
