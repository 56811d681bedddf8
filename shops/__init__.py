"""Shops, their server URLs in TEST and PRODUCTION, and who may touch which shop."""
