"""Why a demo cannot start, in the words its console shows."""


class DemoRefused(Exception):
    """The demo cannot start; carries the French line that says what to do."""
