"""How much of everything is thrown: a share in each run of the suite, all of it by `python -m tests.long.hostile`."""

import os

IS_FULL = os.environ.get("HOSTILE") == "full"


def share(attacks, step, start=0):
    """Every step-th of the attacks from a rotating start, so that neighbours take different ones; all in full."""
    return attacks if IS_FULL else attacks[start % step :: step]
