"""The words for whoever keeps the register: roles, keys, users, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, pgettext
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from collections.abc import Iterable

# role -> what it is called, and what it may do in plain words.
ROLES: Final = {
    "small-office": (
        N_("small office"),
        N_("everything about clients, no keys"),
    ),
    "owner": (N_("owner"), N_("everything, with users, keys and backups")),
    "privacy": (N_("privacy contact"), N_("clients, purposes, erasure")),
    "office": (N_("office staff"), N_("clients, consents, notes; no case files")),
    "technician": (N_("technician"), N_("support; reads contact data")),
    "accountant": (N_("accountant"), N_("contracts, payments; reads contact data")),
    "auditor": (N_("auditor"), N_("log and purposes, no names")),
}
KEYS: Final = {
    "identity": N_("names and registration numbers"),
    "contact": N_("e-mail, phone, address"),
    "billing": N_("bank accounts and official numbers"),
    "contract": N_("contracts"),
    "support": N_("notes and support"),
    "marketing": N_("interests"),
    "evidence": N_("proofs and sources"),
    "case": N_("requests and checks"),
    "register": N_("integrity of the register"),
    "root": N_("root key, signs users"),
    "suppression": N_("recognises who objected"),
}
KEY_STATES: Final = {
    "pending": N_("handed out, not in use"),
    "active": N_("in use"),
    "decrypt": N_("opens older data only"),
    "destroyed": NP_("key", "destroyed"),
}
USER_STATES: Final = {"active": N_("active"), "disabled": N_("disabled")}
COPY_STATES: Final = {
    "there": NP_("copy", "present"),
    "missing": N_("not found"),
    "other": N_("another file"),
    "unfinished": NP_("copy", "unfinished"),
    "out-of-reach": N_("out of reach"),
    "gone": NP_("copy", "destroyed"),
    "declared": N_("declared gone"),
}
# Why somebody says that a copy is gone which nobody finds.
COPY_REASONS: Final = {
    "destroyed": N_("destroyed manually"),
    "handed-over": N_("handed to the person"),
    "medium-destroyed": N_("medium destroyed"),
    "medium-lost": N_("medium lost"),
}
COPY_KINDS: Final = {
    "export": N_("export"),
    "rejects": N_("rejected rows"),
    "package": N_("package for a person"),
    "review": N_("texts to be reviewed"),
    "backup": N_("backup"),
    "backup-keys": N_("keys of a backup"),
    "old-vault": N_("register before a restore"),
    "upgrade": N_("register before an upgrade"),
    "drill": N_("backup restored as a test"),
}


def role_names(roles: Iterable[str]) -> str:
    """Name roles, in their order."""
    return ", ".join(_(ROLES[role][0]) if role in ROLES else role for role in roles)


def role_choices() -> tuple[tuple[str, str], ...]:
    """Give each role with its name and what it may do, for whoever chooses."""
    return tuple((code, f"{_(name)}: {_(may)}") for code, (name, may) in ROLES.items())


def key_name(key: str) -> str:
    """Say what a key opens."""
    return _(KEYS.get(key, key))


def firm_labels() -> dict[str, str]:
    """Return the translated names of the firm's details."""
    return {
        "name": pgettext("firm", "name"),
        "country": _("country"),
        "reg_no": _("registration number"),
        "address": _("address"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "dpo": _("data protection officer"),
        "transfers": _("outside the EEA"),
        "automated": _("automated decisions"),
        "sources": _("sources of data"),
    }
