"""What a field of a party is called stands in one place; everything else is made from it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from crm.kinds.party import FIELDS
from tests.house.source import ROOT, product, short, tree

if TYPE_CHECKING:
    from pathlib import Path

# The description, and the attributes a type checker knows.
SAYS = {"crm/kinds/party.py", "crm/parties/cards.py"}
# Words that mean more than a field: items, types of number, ways to reach somebody, whole names.
ELSEWHERE = {"name", "reg_no", "vat_no", "language", "email", "phone", "channel", "iban"}
# Rules that are about one field and no other, each with what it decides.
RULES = {
    "given_name": {
        "crm/demo/invented.py": "invents people, whose tax codes and mailboxes are made of names",
        "crm/files/address_cards.py": "reads the parts of a name in vCards and JSContact",
        "crm/files/column_joining.py": "adds middle names to the given one, cuts whole names up",
        "crm/files/headings.py": "tells a given name from a whole one by the columns beside it",
        "crm/files/judge.py": "takes a row with the parts of a name for a human being",
        "crm/models/party.py": "makes the name of a human being from its parts",
        "crm/parties/field_rules.py": "a whole name gives way to the parts that tell it",
        "tui/parties/client_forms.py": "asks for a whole name only where the parts are empty",
        "tui/parties/contact_forms.py": "asks for a whole name only where the parts are empty",
        "tui/parties/party_form.py": "a missing name is said beside the first field of it",
    },
    "personal_code": {
        "crm/demo/invented.py": "invents codes of nobody",
        "crm/errors.py": "says what is wrong with one",
        "crm/files/judge.py": "tells a human being from a company by it",
        "crm/files/parsing.py": "is read by the rules of its country, and from other columns",
        "crm/grounds/consent_rules.py": "tells a child's consent",
        "crm/numbers.py": "checks it",
        "crm/parties/existing_parties.py": "is inside the VAT number of a sole trader",
        "crm/parties/find_party.py": "leads to its owner",
        "crm/parties/identifiers.py": "identifies, so that a no is found by it",
        "crm/parties/search.py": "is searched for",
        "crm/shape/parsing.py": "is read in records too",
        "crm/transfer/suppression_check.py": "keeps a child's row outside",
        "crm/transfer/row_diff.py": "may stand in a column of registration numbers",
    },
    "trader_vat_no": {
        "crm/models/party.py": "has no attribute on cards, where it is the VAT number",
        "crm/parties/existing_parties.py": "contains a personal code",
        "crm/parties/find_party.py": "leads to its owner",
        "crm/parties/identifiers.py": "identifies, so that a no is found by it",
        "crm/parties/search.py": "is searched for",
    },
    "provenance": {
        "crm/cli/code_words.py": "is said in words in every table, with the day it holds",
        "crm/clients/clients.py": "is written with the day on which somebody was told",
        "crm/packages/package_words.py": "says in words where a datum of the sheet came from",
        "crm/session/argument_words.py": "names the sources that an option or a refusal lists",
        "crm/packages/package_contents.py": "is a chapter of the sheet of its own (Art. 15(1)(g))",
        "crm/parties/field_rules.py": "is one of few codes, and kept as it was",
        "crm/privacy.py": "is the name of its item as well",
        "crm/transfer/bulk_insert.py": "comes from the order of the import, not from its rows",
    },
}
RULES["family_name"] = {
    "crm/retention/mentions.py": "is what notes speak of somebody by",
    **{
        path: why
        for path, why in RULES["given_name"].items()
        if path != "tui/parties/party_form.py"
    },
}


def _told(path: Path) -> str:
    """Return the strings, attributes and names in a module, but no long docstring."""
    said: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said += [] if " " in node.value and "\n" in node.value else [node.value]
        elif isinstance(node, ast.Attribute):
            said.append(node.attr)
        elif isinstance(node, ast.keyword | ast.arg) and node.arg:
            said.append(node.arg)
        elif isinstance(node, ast.Name):
            said.append(node.id)
    return "\n".join(said)


def test_a_field_of_a_party_is_named_where_it_is_described_and_in_its_own_rules() -> None:
    """A thirteenth place to be changed with a field is found here, not by its users."""
    names = [one.name for one in FIELDS if one.name not in ELSEWHERE]
    any_of = re.compile("|".join(names))
    texts = {
        short(path): _told(path) for path in product() if any_of.search(path.read_text("utf-8"))
    }
    found = {
        name: {path for path, text in texts.items() if re.search(rf"(?<![a-z_]){name}", text)}
        for name in names
    }
    wrong = {
        name: sorted(places - SAYS - set(RULES.get(name, ()))) for name, places in found.items()
    }

    assert {name: places for name, places in wrong.items() if places} == {}


def test_what_has_no_rule_of_its_own_is_named_nowhere_else_at_all() -> None:
    """Not even in a comment or inside another word."""
    names = [one.name for one in FIELDS if one.name not in {*ELSEWHERE, *RULES}]
    assert len(names) == 2

    texts = {short(path): path.read_text("utf-8") for path in product()}
    for name in names:
        assert {path for path, text in texts.items() if name in text} == SAYS
    assert (ROOT / "crm" / "data" / "headings.toml").is_file()
