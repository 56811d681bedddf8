"""The forms of accounts, a module for each place."""
