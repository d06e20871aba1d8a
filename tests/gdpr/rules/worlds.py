"""Small registers and parties for the rules, in the words of no product."""

from __future__ import annotations

from datetime import date

from gdpr.rules.facts import Datum, Ground, KeptRecord, RecordClock, SubjectFacts
from gdpr.rules.period_ends import RuleSettings
from gdpr.rules.purposes import Evidence, Trigger
from gdpr.rules.register import parse_purpose

SINCE = date(2024, 1, 10)


def ground_rule(**given):
    return {"scope": "ground", "trigger": "ground_end", "months": 0} | _then(given)


def record_rule(*items, **given):
    return {"scope": "records", "trigger": "document_date", "items": list(items)} | _then(given)


def _then(given):
    return {"round": "none", "then": "erase", "verified": True} | given


def document(code, basis, items, *retention, **given):
    return {
        "code": code,
        "number": "P01",
        "version": 1,
        "dpv": "https://w3id.org/dpv#Purpose",
        "bases": {"alpha": basis},
        "items": list(items),
        "retention": list(retention) or [ground_rule()],
        "review_months": {"default": 24},
        "texts": {"en": {"name": code, "why": "Because it is needed."}},
        "source": "test",
    } | given


class World:
    """Purposes of every basis, and short ways to make grounds, records and data."""

    def __init__(self):
        self.settings = RuleSettings()
        self.purposes = {
            made.code: made
            for made in map(
                parse_purpose,
                (
                    document("news", "consent", ["name", "mail"], direct_marketing=True),
                    document("service", "contract", ["name", "mail", "phone", "account"]),
                    document(
                        "offer", "pre_contract", ["name", "mail"], review_months={"default": 12}
                    ),
                    document(
                        "books",
                        "legal_obligation",
                        ["name", "number", "paper"],
                        record_rule("paper", months=60, round="financial_year_end"),
                    ),
                    document("upkeep", "legitimate_interests", ["origin"]),
                    document(
                        "defence",
                        "legitimate_interests",
                        ["name", "paper"],
                        record_rule("paper", trigger="case_closed", months=120),
                        compelling=True,
                    ),
                    document(
                        "survey",
                        "legitimate_interests",
                        ["mail", "answer"],
                        ground_rule(trigger="last_activity", months=12),
                    ),
                    document(
                        "help",
                        "contract",
                        ["name", "call"],
                        record_rule("call", trigger="contract_end", months=0, then="pseudonymise"),
                        record_rule("call", trigger="pseudonymised", months=72, then="anonymise"),
                    ),
                    document(
                        "files",
                        "legal_obligation",
                        ["file"],
                        record_rule("file", trigger="recorded", months=12, then="review"),
                    ),
                    document("rescue", "vital", ["phone"]),
                    document("office", "public_task", ["name"]),
                ),
            )
        }

    def ground(self, purpose, **given):
        given = {"kind": "alpha", "since": SINCE, "evidence": Evidence.NOTICE} | given
        return Ground(id=purpose.encode(), purpose=self.purposes[purpose], **given)

    def contract(self, purpose, **given):
        return self.ground(purpose, evidence=Evidence.CONTRACT, **given)

    def datum(self, item, record=None, *, row=b"row"):
        table = record.table if record else "party"
        owner = record.id if record else b"party"
        return Datum(table, row, f"{item}_field", item, "alpha", owner, record)

    def record(self, item, *clocks, **given):
        given = {"id": b"record", "table": item, "since": date(2026, 3, 15)} | given
        return KeptRecord(
            item=item,
            clocks=tuple(
                RecordClock(self.purposes[purpose], "alpha", Trigger(trigger), started)
                for purpose, trigger, started in clocks
            ),
            **given,
        )

    def facts(self, *grounds, data=(), last_activity=None, is_legal=False):
        return SubjectFacts(b"party", is_legal, grounds, tuple(data), last_activity)
