"""Who may open the vault and with which keys: what an owner does when people come and go."""
