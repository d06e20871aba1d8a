"""A notice says what the firm confirmed and does, and nothing else, so one may rely on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from crm.errors import NotAmong
from crm.starter import notice_words, recipients, starter
from crm.transparency.errors import NoticeBlank, NoticeUnconfirmed
from crm.transparency.notice_text import ARTICLES
from crm.transparency.notice_words import NoticeWords
from tests.crm.planting import plant
from tests.crm.publishing import DECLARED, make_ready

if TYPE_CHECKING:
    from crm.kartoteka import Kartoteka

LANGUAGES = ("en", "lv", "it")
# What a Latvian or Italian notice once said of any firm: nobody had asked it.
GUESSES = {
    "en": (
        "do not transfer",
        "no decisions",
        "not appointed",
        "no special categories",
        "public registers",
    ),
    "lv": ("nenosūtām", "Nepieņemam", "neesam iecēluši", "neievācam", "Uzņēmumu reģistrs"),
    "it": ("Non trasferiamo", "Non adottiamo", "Non abbiamo designato", "Non raccogliamo", "VIES"),
}


def _claims(country: str, language: str) -> set[str]:
    """Give every sentence the starter register could put into a notice about what a firm does."""
    words = NoticeWords(language)
    told: set[str] = set()
    for purpose in starter(country).purposes:
        text = purpose.texts[language]
        told |= {f">{text.name}<", text.why, words.periods(purpose, 0)}
        if purpose.balancing:
            told |= {purpose.balancing[language].interest, purpose.balancing[language].balance}
    told |= {f">{one.names[language]}<" for one in recipients().values()}
    return told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("article", ARTICLES)
def test_a_fresh_firm_says_nothing_it_has_not_confirmed(
    firm: Kartoteka, article: int, language: str
) -> None:
    """No camera, no club, no profile, no collector, no “never abroad” that nobody asked about."""
    text = firm.notices.render(article, language, "html")

    assert [claim for claim in _claims(firm.context.country, language) if claim in text] == []
    assert [guess for guess in GUESSES[language] if guess in text] == []
    assert 'id="rights"' in text
    assert not re.search(
        r'id="(purposes|interests|recipients|retention|transfers|automated)"', text
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_confirmed_is_said_and_nothing_beside_it(firm: Kartoteka, language: str) -> None:
    """One purpose confirmed brings its own sentences, periods and recipients."""
    firm.purposes.confirm(["delivery"])

    text = firm.notices.render(13, language)
    words = starter(firm.context.country)
    names = {one.code: one.texts[language].name for one in words.purposes}
    assert {code for code, name in names.items() if f"| {name} |" in text} == {"delivery"}
    assert recipients()["carrier"].names[language] in text
    assert recipients()["debt_collector"].names[language] not in text


def test_cameras_are_confirmed_by_their_name_only(firm: Kartoteka) -> None:
    """Confirming all makes those purposes the firm's own that its relations open, no others."""
    done = {line.code for line in firm.purposes.confirm()}

    assert {"contracts", "direct_marketing"} <= done
    assert not {"video_surveillance", "loyalty", "personalised_offers_profiling"} & done
    name = starter(firm.context.country).purposes[18].texts["en"].name
    assert name not in firm.notices.render(13, "en")
    firm.purposes.confirm(["video_surveillance"])
    assert name in firm.notices.render(13, "en")


def test_a_notice_with_gaps_is_not_published(firm: Kartoteka) -> None:
    """Neither while purposes in use are unconfirmed nor while the firm owes an answer."""
    today = firm.context.day
    with pytest.raises(NoticeUnconfirmed) as refused:
        firm.notices.publish(today)
    assert refused.value.exit_code == 4
    assert "direct_marketing" in str(refused.value.arguments["purposes"])
    assert "video_surveillance" not in str(refused.value.arguments["purposes"])

    firm.purposes.confirm()
    with pytest.raises(NoticeBlank) as blank:
        firm.notices.publish(today)
    assert blank.value.arguments["blanks"] == "firm.transfers, firm.automated, firm.sources"
    for detail, told in DECLARED.items():
        with pytest.raises(NoticeBlank):
            firm.notices.publish(today)
        firm.controller.edit({detail: told})
    assert firm.notices.publish(today).state == "current"
    firm.controller.edit({"address": ""})
    with pytest.raises(NoticeBlank):
        firm.notices.render(13, "lv")


def test_a_purpose_taken_up_for_one_person_is_to_be_confirmed(firm: Kartoteka) -> None:
    """What somebody is kept for is in use, whether a relation opens it or not."""
    firm.controller.edit(DECLARED)
    firm.purposes.confirm()
    party = plant(firm, "client")
    firm.grounds.add(str(party.number), purposes=["debt_collection"], informed=firm.context.day)

    with pytest.raises(NoticeUnconfirmed) as refused:
        firm.notices.publish(firm.context.day)
    assert refused.value.arguments["purposes"] == "debt_collection"


def test_a_declaration_is_said_in_the_firms_own_words(firm: Kartoteka) -> None:
    """Whatever is declared stands there; `none` is the program's sentence; a slip is refused."""
    firm.controller.edit({"transfers": "To a host in Norway, under an adequacy decision."})
    assert "To a host in Norway" in firm.notices.render(13, "en")
    firm.controller.edit({"transfers": "none", "automated": "none"})
    assert notice_words("it")["transfers_none"] in firm.notices.render(13, "it")
    assert notice_words("lv")["automated_none"] in firm.notices.render(13, "lv")
    firm.controller.edit({"sources": "public client"})
    assert firm.controller.show()["sources"] == "client, public"
    assert notice_words("en")["source"]["client"] in firm.notices.render(14, "en")
    assert notice_words("en")["source"]["third-party"] not in firm.notices.render(14, "en")
    for slip in ("gossip", "none, client"):
        with pytest.raises(NotAmong):
            firm.controller.edit({"sources": slip})


def test_the_doctor_and_today_speak_up_without_a_notice(firm: Kartoteka) -> None:
    """As soon as a person is kept, both name what is unconfirmed and that there is no notice."""

    def states() -> dict[str, str]:
        checks = {one.check: one.state for one in firm.doctor.examine().checks}
        return {code: checks[code] for code in ("unpublished", "unconfirmed")}

    def due() -> set[str]:
        agenda = firm.agenda.look(fresh=True)
        while not agenda.done:
            agenda = firm.agenda.look()
        return {item.code for item in agenda.items} & {"unpublished", "unconfirmed"}

    assert (states(), due()) == ({"unpublished": "ok", "unconfirmed": "ok"}, set())
    plant(firm, "client")
    assert states() == {"unpublished": "warning", "unconfirmed": "warning"}
    assert due() == {"unpublished", "unconfirmed"}
    make_ready(firm)
    firm.notices.publish(firm.context.day)
    assert (states(), due()) == ({"unpublished": "ok", "unconfirmed": "ok"}, set())
