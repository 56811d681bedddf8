"""The wire protocol of the payment form, as pure data and functions: fields, codes, cards, signature."""
