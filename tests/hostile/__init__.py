"""Bad input at every form and address of the house, found by walking it (OUT-06, OUT-07)."""
