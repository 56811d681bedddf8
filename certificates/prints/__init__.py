"""The pages of a print: how far it is, and the document once it is made."""
