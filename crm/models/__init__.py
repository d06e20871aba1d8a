"""The record classes of the register: fields and invariants, nothing else."""
