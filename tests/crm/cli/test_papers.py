"""Purposes, wordings and the notice on the command line, in the forms scripts rely on."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

PERSON = ("--kind", "natural", "--given-name", "Anna", "--family-name", "Ozola")
ALWAYS = ("--format", "json")


def told(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def anna(cli):
    return str(told(cli("client", "add", *PERSON, "--relation", "client", *ALWAYS))["number"])


def test_purposes_are_listed_shown_and_edited(cli):
    """JSON from standard input and --set make the same versions."""
    lines = told(cli("purpose", "list", *ALWAYS))
    assert len(lines) == 26
    assert set(lines[0]["names"]) == {"en", "lv", "it"}

    edit = ("purpose", "edit", "events")
    card = told(cli(*edit, "-", *ALWAYS, stdin='{"texts": {"en": {"why": "One."}}}'))
    assert (card["version"], card["texts"]["en"]["why"]) == (2, "One.")
    assert card["texts"]["lv"]["name"] == "klientu pasākumi"
    card = told(cli(*edit, "--set", "review_months.default=9", "--set", "source=ours", *ALWAYS))
    assert (card["version"], card["review_months"]["default"], card["source"]) == (3, 9, "ours")
    first = told(cli("purpose", "show", "events", "--version", "1", *ALWAYS))
    assert first["texts"]["en"]["why"].startswith("We invite")
    assert first["versions"] == [1, 2, 3]


def test_a_purpose_speaks_the_language_in_use(cli):
    """The table shows one language; the machine forms show all."""
    shown = cli("--lang", "lv", "purpose", "show", "events")

    assert "klientu pasākumi" in shown.stdout
    assert "eventi per i clienti" not in shown.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("purpose", "edit", "events"), 2),
        (("purpose", "edit", "events", "--set", "nonsense"), 2),
        (("purpose", "edit", "events", "--set", "items=[1]"), 2),
        (("purpose", "edit", "gossip", "--set", "source=x"), 2),
        (("purpose", "edit", "events", "what"), 2),
        (("firm", "edit", "--sources", "gossip"), 2),
        (("purpose", "retire", "contracts"), 4),
        (("purpose", "show", "events", "--version", "7"), 3),
        (("relation", "edit", "client", "--set", "purposes=[]"), 2),
        (("notice", "render", "--version", "3"), 3),
        (("notice", "publish", "--effective", "2026-03-01"), 4),
        (("wording", "show", "gossip"), 3),
        (("wording", "add", "/nowhere", "--code", "x", "--kind", "consent", "--language", "lv"), 1),
        (("firm", "edit"), 2),
    ],
)
def test_a_mistake_has_its_code(cli, words, code):
    """Each family of mistakes ends with its exit code and a sentence."""
    result = cli(*words)

    assert result.exit_code == code, result.stderr
    assert result.stderr.strip()


def test_relations_are_listed_and_edited(cli):
    """What a clerk may choose, as data."""
    assert [line["code"] for line in told(cli("relation", "list", *ALWAYS))] == [
        *("client", "contact", "newsletter", "partner", "prospect", "supplier"),
    ]
    line = told(cli("relation", "edit", "partner", "--set", 'purposes=["contracts"]', *ALWAYS))
    assert (line["version"], line["purposes"]) == (2, ["contracts"])
    assert told(cli("relation", "show", "partner", *ALWAYS)) == line


def test_a_further_purpose_is_refused_until_told(cli, anna):
    """Exit 4 with the article; --informed puts the day on record."""
    refused = cli("ground", "add", anna, "--purpose", "accounts")
    assert (refused.exit_code, "13(3)" in refused.stderr) == (4, True)

    added = cli("ground", "add", anna, "--purpose", "accounts", "--informed", "2026-03-01")
    assert added.exit_code == 0


def test_a_wording_comes_from_a_file_or_standard_input(cli, tmp_path):
    """The hash is what sha256sum says of the file."""
    file = tmp_path / "club.txt"
    file.write_bytes("Jā, gribu.\r\n".encode())
    named = ("--code", "club", "--kind", "consent", "--language", "lv")

    line = told(cli("wording", "add", str(file), *named, "--purpose", "events", *ALWAYS))
    assert line["hash"] == sha256(file.read_bytes()).hexdigest()
    line = told(cli("wording", "add", "-", *named, *ALWAYS, stdin="Jā!"))
    assert line["version"] == 2
    assert told(cli("wording", "show", "club", "--language", "lv", *ALWAYS))["text"] == "Jā!"
    assert cli("wording", "load").exit_code == 0


def make_ready(cli):
    """Confirm what is in use, and declare what only the firm knows."""
    assert cli("purpose", "confirm", "--all").exit_code == 0
    declared = ("--transfers", "none", "--automated", "none", "--sources", "client public")
    assert cli("firm", "edit", *declared).exit_code == 0


def test_a_notice_is_rendered_published_given_and_proved(cli, anna, tmp_path):
    """The whole way of a notice, by commands."""
    page = tmp_path / "notice.html"
    wanted = ("--kind", "14", "--language", "it", "--format", "html", "--out", str(page))
    assert cli("notice", "render", *wanted).exit_code == 0
    assert '<html lang="it">' in page.read_text(encoding="utf-8")
    assert "# Paziņojums" in cli("--lang", "lv", "notice", "render").stdout

    refused = cli("notice", "publish", "--effective", "2026-03-02")
    assert (refused.exit_code, "purpose confirm" in refused.stderr) == (4, True)
    make_ready(cli)
    assert told(cli("notice", "publish", "--effective", "2026-03-02", *ALWAYS))["version"] == 1
    assert told(cli("notice", "list", *ALWAYS))[0]["state"] == "current"
    assert cli("notice", "diff").stdout == ""
    assert [line["number"] for line in told(cli("notice", "uninformed", *ALWAYS))] == [int(anna)]
    assert cli("notice", "uninformed", "--check").exit_code == 6
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"{anna}\n\n")
    given = ("notice", "give", "--version", "1", "--channel", "email", "--from", str(numbers))
    assert told(cli(*given, *ALWAYS)) == {
        "version": 1,
        "given": 1,
        "already": 0,
        "passed_over": 0,
        "unknown": 0,
    }
    assert cli("notice", "uninformed", "--check").exit_code == 0
    numbers.write_text("Anna Ozola\n")
    refused = cli(*given)
    assert refused.exit_code == 2
    assert "Ozola" not in refused.stderr


def test_a_change_is_refused_before_its_month(cli):
    """The policy's own month: exit 4 names the earliest day."""
    make_ready(cli)
    cli("purpose", "confirm", "events")
    cli("notice", "publish", "--effective", "2026-03-02")
    cli("purpose", "edit", "events", "--set", "texts.en.why=Else.")

    refused = cli("notice", "publish", "--effective", "2026-04-01")

    assert (refused.exit_code, "2 April 2026" in refused.stderr) == (4, True)
    assert cli("notice", "publish", "--effective", "2026-04-02").exit_code == 0


def test_blanks_are_named_and_can_be_filled_in(cli):
    """A firm without an e-mail address has no notice until it has one."""
    cli("firm", "edit", "--email", "")
    refused = cli("notice", "render")
    assert (refused.exit_code, "firm.email" in refused.stderr) == (2, True)

    details = told(cli("firm", "edit", "-", *ALWAYS, stdin='{"email": "p@example.com"}'))
    assert details["email"] == "p@example.com"
    assert told(cli("firm", "show", *ALWAYS)) == details
    assert "p@example.com" in cli("notice", "render").stdout


def test_an_italian_firm_has_its_notice_too(cli, tmp_path):
    """Founded in Italy: Italian law, the Garante, Italian numbers."""
    vault = tmp_path / "italian" / "register.kartoteka"
    vault.parent.mkdir(mode=0o700)
    firm = ("--firm", "Prova S.r.l.", "--country", "IT", "--reg-no", "01085650446")
    where = ("--address", "Via Roma 1, Fermo", "--email", "privacy@example.com")
    made = cli(
        *("init", *firm, *where, "--user", "anna", "--language", "it"), KARTOTEKA_VAULT=str(vault)
    )
    assert made.exit_code == 0, made.stderr

    assert cli("purpose", "confirm", "--all", KARTOTEKA_VAULT=str(vault)).exit_code == 0

    text = cli("notice", "render", "--language", "it", KARTOTEKA_VAULT=str(vault)).stdout

    assert "protocollo@gpdp.it" in text
    assert "codice fiscale e numero di iscrizione al Registro delle imprese 01085650446" in text
    assert "Codice civile, art. 2220" in text


def test_a_text_that_is_too_long_is_refused_and_not_cut(cli, tmp_path):
    """Half a text would not be what people saw: nothing is added."""
    file = tmp_path / "text.txt"
    file.write_bytes(b"a" * ((1 << 20) + 1))
    named = ("--code", "long", "--kind", "consent", "--language", "en")

    for source, stdin in ((str(file), b""), ("-", file.read_bytes())):
        done = cli("wording", "add", source, *named, "--purpose", "events", stdin=stdin)
        assert (done.exit_code, "1024 KiB" in done.stderr) == (2, True)
    assert cli("wording", "show", "long").exit_code == 3
