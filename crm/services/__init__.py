"""What the firm does with its register: one class per aggregate, one verb per transaction."""
