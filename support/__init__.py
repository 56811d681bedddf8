"""The counter between merchants and advisors: help pages and contact requests."""
