"""Who may be written to, and who is a child: the law of two countries in small tables."""

from __future__ import annotations

from datetime import date

import pytest

from crm.grounds.consent_rules import age_of_consent, born_on, is_child
from crm.parties.mailing_law import DIRECT_MARKETING, is_generic, reach
from crm.starter import starter
from gdpr.rules.consent_states import ConsentState
from gdpr.rules.facts import Ground
from gdpr.rules.purposes import Evidence

TODAY = date(2026, 3, 2)
PURPOSES = {one.code: one for one in starter("LV").purposes}


def ground(purpose: str, evidence: Evidence) -> Ground:
    """Hold somebody for a purpose."""
    return Ground(b"g" * 16, PURPOSES[purpose], "client", TODAY, evidence)


CONTRACT = ground("contracts", Evidence.CONTRACT)
SOFT = ground(DIRECT_MARKETING, Evidence.SOFT_OPT_IN)
YES = ground(DIRECT_MARKETING, Evidence.CONSENT)


@pytest.mark.parametrize(
    ("kind", "country", "email", "state", "live", "status"),
    [
        ("natural", "LV", "a@x.lv", ConsentState.GIVEN, [CONTRACT, YES], "opted_in"),
        ("natural", "LV", "a@x.lv", ConsentState.RENEWED, [YES], "opted_in"),
        ("natural", "LV", "a@x.lv", ConsentState.GIVEN, [CONTRACT], "none"),
        ("natural", "LV", "a@x.lv", None, [YES], "none"),
        ("natural", "LV", "a@x.lv", ConsentState.UNKNOWN, [CONTRACT], "none"),
        ("natural", "LV", "a@x.lv", None, [SOFT], "soft_opt_in"),
        ("natural", "IT", "a@x.it", None, [SOFT], "soft_opt_in"),
        ("natural", "LV", "a@x.lv", ConsentState.WITHDRAWN, [SOFT], "objected"),
        ("natural", "LV", "a@x.lv", ConsentState.OBJECTED, [SOFT, YES], "objected"),
        ("natural", "LV", "a@x.lv", ConsentState.REFUSED, [SOFT], "objected"),
        ("natural", "LV", "a@x.lv", ConsentState.EXPIRED, [SOFT], "soft_opt_in"),
        ("natural", "LV", "info@x.lv", None, [CONTRACT], "none"),
        ("legal", "LV", "info@x.lv", None, [CONTRACT], "b2b_generic"),
        ("legal", "LV", "info@x.lv", None, [], "none"),
        ("legal", "LV", "janis.berzins@x.lv", None, [CONTRACT], "none"),
        ("legal", "LV", None, None, [CONTRACT], "none"),
        ("legal", "LV", "info@x.lv", ConsentState.OBJECTED, [CONTRACT], "objected"),
        # In Italy legal persons are asked like anybody else (Codice privacy art. 130).
        ("legal", "IT", "info@x.it", None, [CONTRACT], "none"),
        ("legal", "IT", "info@x.it", ConsentState.GIVEN, [YES], "opted_in"),
        ("legal", "EE", "info@x.ee", None, [CONTRACT], "none"),
    ],
)
def test_the_footing_of_marketing(kind, country, email, state, live, status):
    """Five answers: a no outweighs everything, and companies are asked in Italy too."""
    assert reach((kind, email), country, state, live).status == status


def test_the_soft_opt_in_is_for_mail_alone():
    """Nobody who only bought something is called."""
    assert reach(("natural", "a@x.it"), "IT", None, [SOFT]).channels == ("email",)
    assert reach(("natural", "a@x.lv"), "LV", ConsentState.OBJECTED, [SOFT]).channels == ()


@pytest.mark.parametrize(
    ("email", "generic"),
    [
        ("info@x.lv", True),
        ("Birojs@x.lv", True),
        ("office.riga@x.lv", True),
        ("sales-lv@x.lv", True),
        ("anna@x.lv", False),
        ("a.kalnina@x.lv", False),
        ("info.anna@x.lv", False),
        (None, False),
    ],
)
def test_a_mailbox_of_a_person_is_no_companys(email, generic):
    """Only what is beyond doubt the firm's mailbox counts as one."""
    assert is_generic(email) is generic


@pytest.mark.parametrize(
    ("code", "born"),
    [
        ("161175-19997", date(1975, 11, 16)),
        ("290204-20002", date(2004, 2, 29)),
        ("RCCMNL83S18D969H", date(1983, 11, 18)),
        ("RSSMRA80A41H501Y", date(1980, 1, 1)),
        ("RSSMRA15A41H501Y", date(2015, 1, 1)),
        ("RCCMNLUPSMUD969Y", date(1983, 11, 18)),
        ("328673-00679", None),
        ("310204-20002", None),
        ("X-1234", None),
    ],
)
def test_the_day_of_birth_in_a_code(code, born):
    """Old Latvian and Italian codes tell it; the new ones and others say nothing."""
    assert born_on(code, TODAY) == born


@pytest.mark.parametrize(
    ("country", "age", "birthday"),
    [("LV", 13, date(2013, 3, 2)), ("IT", 14, date(2012, 3, 2)), ("EE", 16, date(2010, 3, 2))],
)
def test_who_is_a_child_on_a_day(country, age, birthday):
    """One becomes old enough on the birthday, not the day before."""
    assert age_of_consent(country) == age
    assert not is_child(birthday, TODAY, country)
    assert is_child(birthday, date(2026, 3, 1), country)
