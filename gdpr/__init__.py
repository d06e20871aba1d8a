"""The data-protection kernel: it speaks of data subjects and has never heard of a client."""
