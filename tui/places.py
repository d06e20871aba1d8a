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
    "clients": "tui.screens.clients:ClientsScreen",
    "today": "tui.screens.today:TodayScreen",
    "retention": "tui.screens.retention:RetentionScreen",
    "papers": "tui.screens.papers:PapersScreen",
    "audit": "tui.screens.audit:AuditScreen",
    "settings": "tui.screens.settings:SettingsScreen",
}

# place -> the screen that is pushed; what it is made with stands beside it.
PLACES: Final[dict[str, str]] = {
    "wizard": "tui.screens.wizard:Wizard",
    "pin": "tui.screens.pin:PinScreen",
    "recover": "tui.screens.recover:Recover",
    "consents": "tui.screens.consents:ConsentsScreen",
    "consent-give": "tui.screens.consent_give:GiveScreen",
    "consent-withdraw": "tui.screens.consent_withdraw:WithdrawScreen",
    "consent-history": "tui.screens.consent_history:HistoryScreen",
    "consent-import": "tui.screens.consent_lists:ConsentImportScreen",
    "unsubscribe": "tui.screens.consent_lists:UnsubscribeScreen",
    "grounds": "tui.screens.grounds:GroundsScreen",
    "ground-end": "tui.screens.ground_end:GroundEndScreen",
    "erase": "tui.screens.erase:EraseScreen",
    "receipt": "tui.screens.receipt:ReceiptScreen",
    "packages": "tui.screens.packages:PackagesScreen",
    "package-review": "tui.screens.review:ReviewScreen",
    "package-verify": "tui.screens.verify:VerifyScreen",
    "purpose": "tui.screens.purpose:PurposeScreen",
    "relation": "tui.screens.relation:RelationScreen",
    "wording": "tui.screens.wording:WordingScreen",
    "notice": "tui.screens.notice:NoticeScreen",
    "users": "tui.screens.users:UsersScreen",
    "keys": "tui.screens.keyring:KeysScreen",
    "firm": "tui.screens.firm:FirmScreen",
    "doctor": "tui.screens.health:HealthScreen",
    "copies": "tui.screens.copies:CopiesScreen",
    "import": "tui.screens.importing:ImportScreen",
    "export": "tui.screens.exporting:ExportScreen",
    "backup": "tui.screens.backups:BackupScreen",
    "restore": "tui.screens.restoring:RestoreScreen",
    "preferences": "tui.screens.preferences:PreferencesScreen",
    "card": "tui.screens.card:CardScreen",
    "client-new": "tui.screens.client_forms:NewClientForm",
    "client-edit": "tui.screens.client_forms:EditClientForm",
    "contact-new": "tui.screens.contact_forms:NewContactForm",
    "contact-edit": "tui.screens.contact_forms:EditContactForm",
    "note-new": "tui.screens.note_form:NoteForm",
}


def maker(place: str, *arguments: object) -> Callable[[], Screen[Any]]:
    """Return what makes the screen of an area or a place."""
    module, _colon, name = {**AREAS, **PLACES}[place].partition(":")

    def make() -> Screen[Any]:
        screen: Screen[Any] = getattr(import_module(module), name)(*arguments)
        return screen

    return make
