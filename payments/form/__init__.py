"""The payment form coming in: how it is read off the wire, and what can be wrong with it."""
