"""The pages of accounts, a module for each place: the door, one's own profile, the company's people, the journal."""
