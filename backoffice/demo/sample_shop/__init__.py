"""A little cheese shop that pays through the platform as a stranger would: its own code, the standard library only."""
