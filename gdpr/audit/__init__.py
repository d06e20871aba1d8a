"""The floor that remembers: the deed around every change, the signed chain, and the ledger."""
