"""The log of the forms that a shop's webmaster should know of: how it is written, told by e-mail, and read."""
