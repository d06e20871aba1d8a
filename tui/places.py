"""Where everything is: the areas and the screens that are pushed over them, loaded when visited.

Screens name each other by these words, so that none has to know another one's module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

# area -> the screen it starts with; the order is that of its keys.
AREAS: Final = {
    "clients": "tui.clients.client_list:ClientsScreen",
    "today": "tui.clients.today:TodayScreen",
    "retention": "tui.retention.retention:RetentionScreen",
    "papers": "tui.transparency.papers:PapersScreen",
    "audit": "tui.keeper.audit:AuditScreen",
    "settings": "tui.keeper.settings:SettingsScreen",
}

# place -> the screen that is pushed; what it is made with stands beside it.
PLACES: Final[dict[str, str]] = {
    "wizard": "tui.entry.wizard:Wizard",
    "pin": "tui.keeper.pin:PinScreen",
    "recover": "tui.entry.recover:Recover",
    "consents": "tui.consents.consents:ConsentsScreen",
    "consent-give": "tui.consents.consent_forms:GiveScreen",
    "consent-withdraw": "tui.consents.consent_forms:WithdrawScreen",
    "consent-history": "tui.consents.consent_history:HistoryScreen",
    "consent-import": "tui.consents.consent_lists:ConsentImportScreen",
    "unsubscribe": "tui.consents.consent_lists:UnsubscribeScreen",
    "grounds": "tui.retention.grounds:GroundsScreen",
    "ground-end": "tui.retention.grounds:GroundEndScreen",
    "erase": "tui.retention.erase:EraseScreen",
    "receipt": "tui.retention.erase:ReceiptScreen",
    "packages": "tui.packages.packages:PackagesScreen",
    "package-review": "tui.packages.review:ReviewScreen",
    "package-verify": "tui.packages.verify:VerifyScreen",
    "purpose": "tui.transparency.purpose:PurposeScreen",
    "relation": "tui.transparency.relation:RelationScreen",
    "wording": "tui.transparency.wording:WordingScreen",
    "notice": "tui.transparency.notice:NoticeScreen",
    "users": "tui.keeper.users:UsersScreen",
    "keys": "tui.keeper.keyring:KeysScreen",
    "firm": "tui.transparency.firm:FirmScreen",
    "doctor": "tui.keeper.doctor:HealthScreen",
    "copies": "tui.transfer.copies:CopiesScreen",
    "import": "tui.transfer.importing:ImportScreen",
    "export": "tui.transfer.exporting:ExportScreen",
    "backup": "tui.keeper.backups:BackupScreen",
    "restore": "tui.entry.restore:RestoreScreen",
    "preferences": "tui.keeper.preferences:PreferencesScreen",
    "card": "tui.parties.card:CardScreen",
    "client-new": "tui.parties.client_forms:NewClientForm",
    "client-edit": "tui.parties.client_forms:EditClientForm",
    "contact-new": "tui.parties.contact_forms:NewContactForm",
    "contact-edit": "tui.parties.contact_forms:EditContactForm",
    "records": "tui.shaped.records_screen:RecordsScreen",
    "note-new": "tui.parties.note_form:NoteForm",
}


def maker(place: str, *arguments: object) -> Callable[[], Screen[Any]]:
    """Return what makes the screen of an area or a place."""
    module, _colon, name = {**AREAS, **PLACES}[place].partition(":")

    def make() -> Screen[Any]:
        screen: Screen[Any] = getattr(import_module(module), name)(*arguments)
        return screen

    return make
