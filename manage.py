#!/usr/bin/env python3
"""Command-line entry: `python manage.py demo` starts everything, the other commands are Django's and ours."""

import os
import sys


def main() -> None:
    # The demo brings its own settings; every other command runs as the environment says (production by default).
    if sys.argv[1:2] == ["demo"]:
        os.environ["BACKOFFICE_MODE"] = "demo"
        # A word that other programs put in people's shells too.
        os.environ.pop("DEBUG", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
