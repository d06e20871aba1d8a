"""A small vault of two categories, as the vault's own tests found it."""

from gdpr.vault.founding import NewVault, Owner, found_vault
from gdpr.vault.kdf import FLOOR
from gdpr.vault.opening import VaultKeys
from gdpr.vault.root import fingerprint

PASSWORD = "kuģis-abete-willow-zeķe-piatto-moss"
CATEGORIES = ("alpha", "beta")
KINDS = {"vat": "alpha", "email": "beta"}
OWNER = bytes(range(16))


def found() -> NewVault:
    return found_vault(CATEGORIES, KINDS, Owner(OWNER, ("owner",), PASSWORD), FLOOR)


def keys_of(vault, slots, **over):
    """Gather what a desk reads from the database, and its pin, before it opens the vault."""
    values = {
        "root_public": vault.root_public,
        "pin": fingerprint(vault.root_public),
        "slots": tuple(slots),
        "secrets": vault.secrets,
    }
    return VaultKeys(vault_id=vault.vault_id, **(values | over))
