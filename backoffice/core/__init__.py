"""The ground every room stands on: journal, vault, mail, pdf, outbound, jobs, moves and page pieces."""
