"""The words a notice is made of: read from the package's data, one file for each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.dates import write
from crm.starter import notice_words, recipients
from gdpr.papers.citing import cite
from gdpr.papers.rendering import fill
from gdpr.rules.purposes import Action, Rounding, Scope, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from gdpr.rules.purposes import Basis, Law, Purpose, RetentionRule

_YEAR = 12
_ELEVEN = 11


class NoticeWords:
    """Says what the register holds as codes, in one language."""

    def __init__(self, language: str) -> None:
        """Read the words of `language`."""
        self.language = language
        self._words = notice_words(language)
        self._recipients = recipients()

    def text(self, *path: object) -> Any:
        """Find a word, sentence or list by its place; one that is missing is a mistake of ours."""
        found: Any = self._words
        for step in path:
            found = found[step]
        return found

    def basis(self, basis: Basis) -> str:
        """Name a lawful basis with its article."""
        name = self.text("bases", basis.value)
        if basis.article is None:
            return str(name)
        article = cite(basis.article, self.language)
        return f"{name} ({fill(self.text('gdpr_article'), article=article)})"

    def law(self, law: Law) -> str:
        """Cite a law; those of the Union have a name in each language, others their own."""
        title = self.text("laws").get(law.title, law.title)
        return f"{title}, {cite(law.article, self.language)}"

    def recipient(self, code: str) -> tuple[str, str] | None:
        """Name a class of recipients and what it is, or nothing for one that is not known."""
        known = self._recipients.get(code)
        if known is None or self.language not in known.names:
            return None
        return known.names[self.language], self.text("roles", known.role)

    def kinds(self, codes: Iterable[str]) -> str:
        """Name groups of people; all of them together have a name of their own."""
        known, chosen = self.text("kinds"), set(codes)
        if chosen == set(known):
            return str(self.text("everyone"))
        return ", ".join(name for code, name in known.items() if code in chosen)

    def items(self, codes: Iterable[str]) -> str:
        """Name data items."""
        return ", ".join(self.text("items", code) for code in codes)

    def day(self, day: date) -> str:
        """Write a day as lawyers of the language do."""
        return write(day, self.language)

    def length(self, months: int, days: int = 0) -> str:
        """Say a period; full years are said as years."""
        parts = []
        if months and months % _YEAR == 0:
            parts.append(self._counted("years", months // _YEAR))
        elif months:
            parts.append(self._counted("months", months))
        if days:
            parts.append(self._counted("days", days))
        return " + ".join(parts)

    def periods(self, purpose: Purpose, usual: int) -> str:
        """Say every period of a purpose; its own review only where it is not the `usual` one."""
        said = []
        if purpose.items and purpose.ground_rule() is None:
            said.append(self.text("periods", "entry"))
            months = purpose.review_after("")
            if months != usual:
                review = self.length(months)
                said[-1] += f", {fill(self.text('periods', 'reviewed'), review=review)}"
        said += [
            self._rule(rule)
            for rule in purpose.retention
            if rule.trigger is not Trigger.GROUND_END or not purpose.items
        ]
        return "; ".join(said)

    def _rule(self, rule: RetentionRule) -> str:
        period = self.length(rule.months, rule.days)
        form = {Scope.RECORDS: "record", Scope.OUTSIDE: "outside"}.get(rule.scope, "clocked")
        if not period and form != "clocked":
            form += "_until"
        after = self.text("periods", "after", rule.trigger.value)
        if rule.round is Rounding.FINANCIAL_YEAR_END:
            after += f", {self.text('periods', 'financial_year_end')}"
        said = fill(
            self.text("periods", form),
            items=", ".join(self._record(code) for code in rule.items),
            period=period,
            after=after,
            until=self.text("periods", "until", rule.trigger.value),
        )
        if rule.then is Action.ERASE:
            return said
        return f"{said}, {self.text('periods', 'then', rule.then.value)}"

    def rule(self, code: str) -> str:
        """Say the code of a rule, such as last_activity+24m:review, as answers carry it."""
        when, _colon, then = code.partition(":")
        when, _sign, end = when.partition(">")
        trigger, *lengths = when.split("+")
        after = self.text("periods", "after").get(trigger)
        if after is None:
            return code
        months, days = (
            sum(int(one[:-1]) for one in lengths if one.endswith(unit)) for unit in ("m", "d")
        )
        said = f"{self.length(months, days)} {after}".strip()
        if end:
            said += f", {self.text('periods', end)}"
        return said if then == Action.ERASE else f"{said}, {self.text('periods', 'then', then)}"

    def _record(self, code: str) -> str:
        """Name what a period keeps: notes about a person go with the person."""
        kept: dict[str, str] = self.text("records")
        return kept.get(code) or self.items((code,))

    def _counted(self, unit: str, count: int) -> str:
        one, many = self.text("periods", "units", unit)
        # In Latvian 21 and 31 are one as well, and 11 is not.
        single = count % 10 == 1 and count % 100 != _ELEVEN if self.language == "lv" else count == 1
        return f"{count} {one if single else many}"
