"""The integration guide: one page that a shop's webmaster can work from, with the shop's own facts."""
