"""What the log's codes mean, what doctor looks at, and what to do when something is not well.

An entry holds codes and counts, never a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.i18n import _, ngettext, spoken
from gdpr.text import N_, NP_

if TYPE_CHECKING:
    from crm.oversight.cards import Verified

# What was looked at, and what to type when it is not as it should be.
CHECKS: Final = {
    "modes": (
        N_("files that others may read"),
        N_("Remove the permissions of others: chmod go= FILE."),
    ),
    "place": (
        N_("location of the register"),
        N_(
            "It is synchronised or on a network drive; move the register to a disk of this "
            "computer."
        ),
    ),
    "sqlite": (
        N_("SQLite too old for its fast log"),
        N_("The slow one is used; install pysqlite3 or a newer Python."),
    ),
    "pin": (
        N_("root key not pinned on this workstation"),
        N_("Ask the owner to compare it before you continue."),
    ),
    "anchor": (
        N_("log behind its anchor"),
        N_("The register was replaced by an older one; restore the newest backup."),
    ),
    "ledger": (
        N_("exercised rights in the ledger that the register lacks"),
        N_("Investigate it with: kartoteka audit verify."),
    ),
    "schema": (
        N_("foreign or missing objects in the database file"),
        N_(
            "An owner removes them: kartoteka doctor --mend. A lost table must be restored "
            "from a backup."
        ),
    ),
    "shreds": (
        N_("erasures awaiting final destruction"),
        N_("Another program has the register open; close it and run doctor again."),
    ),
    "clockless": (
        N_("lawful bases without a period"),
        N_("Set a retention period or a review for the purpose."),
    ),
    "unreadable": (
        N_("damaged rows and entries"),
        N_("Restore them from a backup."),
    ),
    "acknowledged": (
        N_("damaged places that an owner has acknowledged"),
        N_("They stay damaged; they are intact in a backup made before the damage."),
    ),
    "going": (N_("persons and companies scheduled for erasure"), ""),
    "due": (
        N_("persons and companies due for erasure"),
        N_("Run: kartoteka retention run."),
    ),
    "reviews": (
        N_("persons and companies to be reviewed"),
        N_("Decide whether the data are still needed: kartoteka retention due."),
    ),
    "former": (
        N_("marked active without any current relationship"),
        N_("Run: kartoteka client edit NUMBER status=former"),
    ),
    "unproven": (
        N_("lawful bases on a consent that is not on record"),
        N_("Record it with kartoteka consent give, or end the lawful basis."),
    ),
    "recovery": (
        N_("recovery key not confirmed, or not for a year"),
        N_("Run: kartoteka key recovery --confirm."),
    ),
    "recovery-used": (
        N_("recovery key used for a restore and not replaced since"),
        N_("Issue a new one: kartoteka key recovery --new."),
    ),
    "recovery-root": (
        N_("recovery key from before the root key was replaced"),
        N_("Issue a new one: kartoteka key recovery --new."),
    ),
    "rotating": (
        N_("unfinished key rotations"),
        N_("Run: kartoteka key rotate."),
    ),
    "rotation": (
        N_("keys due for rotation"),
        N_("Run: kartoteka key rotate --due."),
    ),
    "access": (
        N_("access rights not reviewed for a quarter"),
        N_("Run: kartoteka user review."),
    ),
    "confidentiality": (
        N_("users without a signed confidentiality undertaking"),
        N_(
            "Have the undertaking signed, then run: kartoteka user edit NAME "
            "--confidentiality DATE."
        ),
    ),
    "uninformed": (
        N_("persons not known to be informed"),
        N_("See kartoteka notice uninformed; record it with kartoteka notice give."),
    ),
    "unpublished": (
        N_("no privacy notice in force, but persons to be informed"),
        N_("Confirm the purposes, then run: kartoteka notice publish --effective DATE."),
    ),
    "unconfirmed": (
        N_("purposes in use that the firm has not confirmed"),
        N_("Read each, then run: kartoteka purpose confirm CODE."),
    ),
    "copies": (
        N_("known copies past their destruction date"),
        N_("Destroy these files."),
    ),
    "backup": (
        N_("no backup in the last week"),
        N_("Run: kartoteka backup create --to DIR."),
    ),
    "places": (
        N_("backups in one place only"),
        N_("Create one in a second location, away from this computer."),
    ),
    "drill": (
        N_("no restore tested for a long time"),
        N_("Run: kartoteka backup drill."),
    ),
    "elsewhere": (
        N_("other registers of the same people at this workstation"),
        N_("Data erased here remain there; destroy them once they are no longer needed."),
    ),
    "left-behind": (
        N_("shred files left beside the register"),
        N_("Overwrite and remove them: they open old copies of the register."),
    ),
    "upgrades": (
        N_("copies left by failed upgrades"),
        N_("They contain data erased since and could not be destroyed; close other programs."),
    ),
    "clock": (
        N_("date to be confirmed"),
        N_("Run: kartoteka retention run --accept-date DATE."),
    ),
}
STATES: Final = {
    "ok": NP_("check", "OK"),
    "warning": NP_("check", "attention"),
    "damage": NP_("check", "damage found"),
}

# What to do about it on a screen, the doctor's or that of today, and the place or area for it.
NEXT: Final = {
    "clockless": (N_("Set a retention period or a review for the purpose."), "papers"),
    "unreadable": (N_("Restore them from a backup."), "restore"),
    "ledger": (N_("Verify the log to see what is damaged."), "audit"),
    "due": (N_("See why, then erase them or keep them with a reason."), "retention"),
    "going": (N_("See what will be erased and when."), "retention"),
    "reviews": (N_("Decide whether the data are still needed."), "retention"),
    "former": (N_("Mark them as former on their card."), "clients"),
    "unproven": (N_("Record the consent on the card, or end the lawful basis."), "clients"),
    "recovery": (N_("Confirm that the recovery key is on paper."), "keys"),
    "recovery-used": (N_("Issue a new recovery key."), "keys"),
    "recovery-root": (N_("Issue a new recovery key."), "keys"),
    "rotating": (N_("Finish the rotation."), "keys"),
    "rotation": (N_("Rotate what is due."), "keys"),
    "access": (N_("Review access rights, and record the review."), "users"),
    "confidentiality": (N_("Have the undertaking signed, then record the date."), "users"),
    "uninformed": (N_("Give them the privacy notice and record it."), "papers"),
    "unpublished": (N_("Publish the privacy notice, then give it to them."), "papers"),
    "unconfirmed": (N_("Read and confirm each; the notice refers to it."), "papers"),
    "copies": (N_("Destroy these files."), "copies"),
    "backup": (N_("Create one, on another disk."), "backup"),
    "drill": (N_("Test restoring the newest one: it proves that it works."), "backup"),
    "places": (N_("Create a backup in a second location, away from this computer."), "backup"),
    "clock": (N_("Confirm the date before anything is erased."), "retention"),
}
_DAMAGES: Final = {
    "anchor": N_("the log is older than this workstation remembers"),
    "alarms": N_("the file of alarms in the state folder was changed or truncated"),
    "anchor-damaged": N_("the file anchor in the state folder was changed or truncated"),
    "body": N_("the content of an entry cannot be read"),
    "card": N_("signed by a card that was no longer valid"),
    "checkpoint": N_("differs from what was verified before"),
    "consent": N_("the chain of a consent is broken"),
    "desk": N_("not written by any known workstation"),
    "hash": N_("changed after it was written"),
    "identity": N_("the identity of this workstation is damaged"),
    "ledger": N_("the ledger of rights is damaged"),
    "link": N_("does not follow the entry before it"),
    "mac": N_("changed outside the program"),
    "missing": N_("is missing"),
    "order": N_("out of order"),
    "quote": N_("another workstation remembers it differently"),
    "schema-changed": N_("is not as the register created it"),
    "schema-foreign": N_("does not belong to the register"),
    "schema-missing": N_("is missing from the register"),
    "signature": N_("the signature is not valid"),
    "structure": N_("the file is damaged"),
    "replayed": N_("the database was replaced by an older one that lacks exercised rights"),
    "rollback": N_("the database was rolled back to before this entry"),
    "right": N_("an erasure or withdrawal whose signer was not entitled to it"),
    "role": N_("signed by someone whose role does not permit it"),
    "sum": N_("rows were removed, added or reverted"),
    "unanchored": N_("the file anchor in the state folder was missing at this entry"),
    "unreadable": N_("cannot be read"),
}


def damage_words(why: str) -> str:
    """Say what is wrong with a place; a code without words is said as it is."""
    return _(_DAMAGES.get(why, why))


def acknowledged_words(found: Verified) -> list[str]:
    """Say which damage owners have signed for, a line for each time they did."""
    return [
        ngettext(
            "Acknowledged on {day} by {user}: {count} damaged place.",
            "Acknowledged on {day} by {user}: {count} damaged places.",
            one.damages,
        ).format(day=spoken(one.time.astimezone().date()), user=one.user, count=one.damages)
        for one in found.acknowledged
    ]


def next_step(check: str) -> tuple[str, str | None]:
    """Say what to do about a finding, and name the place where it is done, if a screen has one."""
    if check in NEXT:
        words, place = NEXT[check]
        return _(words), place
    return _(CHECKS[check][1]), None


EVENTS: Final = {
    "vault:file:created": N_("register created"),
    "vault:file:adopted": N_("copy turned into a separate register"),
    "vault:file:restored": N_("restored from a backup"),
    "vault:schema:mended": N_("foreign objects removed from the file"),
    "vault:schema:upgraded": N_("register upgraded"),
    "vault:desk:opened": N_("register opened"),
    "vault:desk:closed": N_("register closed"),
    "vault:demo:filled": N_("invented people entered"),
    "vault:clock:leap_accepted": N_("date confirmed after the clock jumped"),
    "vault:file:restore_confirmed": N_("restore confirmed"),
    "vault:backup:begun": N_("backup started"),
    "vault:backup:drill_begun": N_("restore test started"),
    "vault:backup:drilled": N_("backup restored as a test"),
    "vault:backup:made": N_("backup created"),
    "vault:secrets:renewed": N_("shred file renewed"),
    "vault:secrets:restored": N_("shred file restored"),
    "vault:setting:changed": N_("setting changed"),
    "vault:recovery:issued": N_("recovery key issued"),
    "vault:recovery:confirmed": N_("recovery key confirmed"),
    "vault:recovery:used": N_("recovery key used"),
    "vault:key:drawn": N_("new key generated"),
    "vault:key:promoted": N_("new key in use"),
    "vault:key:rewrapped": N_("keys re-encrypted"),
    "vault:key:destroyed": N_("old key destroyed"),
    "vault:root:rotated": N_("root key replaced"),
    "user:card:added": N_("user added"),
    "user:card:reissued": N_("roles of a user changed"),
    "user:card:disabled": N_("user disabled"),
    "user:card:noted": N_("note on a user"),
    "user:access:reviewed": N_("access rights reviewed"),
    "user:password:bound": N_("password bound to the new root key"),
    "user:password:changed": N_("password changed"),
    "register:party:added": N_("client entered"),
    "register:party:edited": N_("client corrected"),
    "register:party:shown": N_("card shown"),
    "register:party:revealed": N_("masked numbers shown"),
    "register:party:explained": N_("reasons for keeping shown"),
    "register:party:listed": N_("clients listed"),
    "register:party:found": N_("clients searched"),
    "register:contact:added": N_("contact person entered"),
    "register:contact:edited": N_("contact person corrected"),
    "register:contact:left": N_("contact person left"),
    "register:note:added": N_("note written"),
    "register:note:blanked": N_("mention in a note decided"),
    "register:record:added": N_("record entered"),
    "register:record:edited": N_("record corrected"),
    "register:record:moved": N_("state of a record changed"),
    "register:record:shown": N_("record shown"),
    "register:record:revealed": N_("masked numbers of a record shown"),
    "register:record:listed": N_("records listed"),
    "rules:purpose:loaded": N_("purposes loaded"),
    "rules:purpose:added": N_("purpose added"),
    "rules:purpose:changed": N_("purpose changed"),
    "rules:purpose:retired": N_("purpose retired"),
    "rules:purpose:confirmed": N_("purposes confirmed"),
    "rules:relation:loaded": N_("relationships loaded"),
    "rules:relation:changed": N_("relationship changed"),
    "rules:ground:added": N_("lawful basis added"),
    "rules:ground:ended": N_("lawful basis ended"),
    "rules:ground:reopened": N_("lawful basis reopened"),
    "rules:ground:kept": N_("kept after a review"),
    "rules:ground:listed": N_("lawful bases shown"),
    "rules:retention:run": N_("retention run"),
    "rules:consent:recorded": N_("consent recorded"),
    "rules:consent:given": N_("consent given"),
    "rules:consent:withdrawn": N_("consent withdrawn"),
    "rules:consent:previewed": N_("withdrawal previewed"),
    "rules:consent:listed": N_("consents shown"),
    "rules:consent:receipt": N_("receipt of a consent written"),
    "rules:consent:imported": N_("consents imported"),
    "paper:wording:added": N_("text added"),
    "paper:wording:loaded": N_("texts loaded"),
    "paper:notice:published": N_("notice published"),
    "paper:notice:given": N_("notice given"),
    "paper:notice:uninformed_listed": N_("persons not informed listed"),
    "right:erasure:previewed": N_("erasure previewed"),
    "right:erasure:whole": N_("erased in full"),
    "right:erasure:part": N_("erased in part"),
    "right:erasure:replayed": N_("erasure repeated after a restore"),
    "right:erasure:shredded": N_("traces overwritten"),
    "right:suppression:restored": N_("suppression list completed after a restore"),
    "right:suppression:expired": N_("expired entries removed from the suppression list"),
    "right:suppression:listed": N_("suppression list shown"),
    "right:package:access": N_("package for the person created"),
    "right:package:portable": N_("portable package created"),
    "right:package:undone": N_("package for a person cancelled because it could not be written"),
    "right:package:reviewed": N_("file for the review of texts written"),
    "file:import:taken": N_("file imported"),
    "file:export:written": N_("file exported"),
    "file:import:records": N_("records imported"),
    "file:export:records": N_("records exported"),
    "file:copy:listed": N_("copies listed"),
    "file:copy:shredded": N_("copy destroyed"),
    "file:copy:found": N_("copy left by an upgrade found"),
    "file:copy:begun": N_("copy started"),
    "file:copy:written": N_("copy written"),
    "file:copy:undone": N_("unfinished copy destroyed"),
    "file:copy:declared_gone": N_("copy declared gone"),
    "audit:chain:verified": N_("log verified"),
    "audit:log:read": N_("log read"),
    "audit:damage:acknowledged": N_("damage acknowledged"),
}


def event_words(code: str) -> str:
    """Say an event; a code of a newer program is said as it is."""
    return _(EVENTS.get(code, code))
