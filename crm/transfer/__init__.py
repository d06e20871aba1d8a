"""Files in and out: clients, lists of consents, the whole register for another program."""
