"""The help: its pages, and what is looked for in them."""
