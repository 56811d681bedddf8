"""The payment form, the hosted page, transactions and the notifications sent to shops."""
