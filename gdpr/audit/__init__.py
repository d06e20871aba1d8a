"""The floor that remembers: an entry for every change, the signed chain, and the ledger."""
