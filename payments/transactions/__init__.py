"""The merchant's view of the payments: the list and one payment's story."""
