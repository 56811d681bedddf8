"""The demo: everything started in one command, with fixed data, a sample shop and a mailbox."""
