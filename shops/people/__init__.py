"""The pages of a company's people: who has access, to which shops, and what an owner can do about it."""
