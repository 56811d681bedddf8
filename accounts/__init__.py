"""Who people are and how they get in: companies, merchants, advisors, passwords, sign-in."""
