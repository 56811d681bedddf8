"""Certificates (keys), the test phase, going live, and contracts on paper."""
