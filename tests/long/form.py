"""The payment form under fire: `.venv/bin/python -m tests.long.form [minutes]`, ten minutes unless told otherwise.

The two properties of `tests/payments/form/test_fuzz.py` are tried side by side for that long; then every naughty
string goes through every text field to the page, the notification and the way back. Whatever follows goes to pytest.
"""

import os
import sys

import pytest

MINUTES = 10

if __name__ == "__main__":
    arguments = sys.argv[1:]
    minutes = float(arguments.pop(0)) if arguments and arguments[0].replace(".", "").isdecimal() else MINUTES
    os.environ |= {"FUZZ_SECONDS": str(minutes * 60), "HOSTILE": "full"}
    files = [f"tests/payments/form/{name}.py" for name in ("test_fuzz", "test_naughty")]
    raise SystemExit(pytest.main([*files, "-q", "-n", "2", "-p", "no:cacheprovider", *arguments]))
