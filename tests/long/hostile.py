"""Bad input in full (OUT-06, OUT-07): `.venv/bin/python -m tests.long.hostile`, about half an hour on one processor.

What the suite tries in rotation is tried here without: each of the 515 naughty strings and of the worst bytes, alone
in each field of each form that each kind of person finds, and each of the worst in each parameter of each page and
each place of each path. Whatever follows the command goes to pytest (`-k naughty`, `-n 4`).
"""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["HOSTILE"] = "full"
    raise SystemExit(pytest.main(["tests/hostile", "-q", *sys.argv[1:]]))
