"""Telling the shop: what is said, what is due, and how the calls are made."""
