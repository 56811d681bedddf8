"""A bare Django project to compare with: one view that reads a form, asks one row, writes one row and redirects."""
