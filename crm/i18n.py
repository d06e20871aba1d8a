"""The words in the user's language: English is the source, Latvian and Italian are catalogues.

Only faces translate; everything below marks its messages with `N_` and stays without a language.
`gettext` is loaded when first needed, because an English `--help` can do without it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # what `typing` would say, without the 10 ms it takes to say it
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from gettext import NullTranslations

    from crm.dates import Day

SOURCE = "en"
LANGUAGES = (SOURCE, "lv", "it")
# Each by its own name: whoever cannot read the language in use looks for theirs.
TONGUES = {"en": "English", "lv": "Latviešu", "it": "Italiano"}
DOMAIN = "kartoteka"
CATALOGUES = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - pathlib costs the start of every command 10 ms


class Words(str):
    """A text that brings its translations along, where what it speaks of is described.

    Nouns are inflected and have a gender, so a phrase about them is written whole in each language
    and never glued together. Everything that translates a message translates it too.
    """

    __slots__ = ("it", "lv")
    lv: str
    it: str

    def __new__(cls, en: str, lv: str, it: str) -> Words:  # noqa: PYI034 - typing costs `--help` 10 ms
        """Take the text in each language."""
        words = super().__new__(cls, en)
        words.lv, words.it = lv, it
        return words

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Words:
        """Take texts by their languages; in one that is missing the first one is said."""
        first = texts.get(SOURCE) or next(iter(texts.values()))
        return cls(*(texts.get(language) or first for language in LANGUAGES))

    def said(self, language: str) -> str:
        """Say it in `language`, and in English where that is not known."""
        return {"lv": self.lv, "it": self.it}.get(language, str(self))


class _Voice:
    """The language this process speaks; one terminal, one language."""

    language: str = SOURCE
    catalogue: NullTranslations | None = None


def use(language: str) -> None:
    """Speak `language` from now on; an unknown one falls back to English."""
    _Voice.language = language if language in LANGUAGES else SOURCE
    _Voice.catalogue = _catalogue(language)


def _catalogue(language: str) -> NullTranslations | None:
    if language not in LANGUAGES or language == SOURCE:
        return None
    from gettext import translation  # noqa: PLC0415 - see the module's docstring

    try:
        return translation(DOMAIN, CATALOGUES, languages=[language])
    except (OSError, ValueError) as error:
        from gdpr.program_files import ProgramDamaged  # noqa: PLC0415 - nobody hopes to need it

        name = f"crm/locale/{language}/LC_MESSAGES/{DOMAIN}.mo"
        raise ProgramDamaged(name=name) from error


def current() -> str:
    """Return the code of the language in use, because dates and letters depend on it too."""
    return _Voice.language


def voice(language: str) -> Callable[[str], str]:
    """Return what says messages in `language`, for a paper whose reader speaks another one.

    The language of the process stays as it is; an empty message stays empty.
    """
    catalogue = _catalogue(language)
    return str if catalogue is None else lambda message: _said(catalogue, message, language)


def share() -> None:
    """Let libraries that ask the standard `gettext` (click does) speak the same language."""
    import gettext  # noqa: PLC0415 - see the module's docstring

    os.environ["LANGUAGE"] = _Voice.language
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)


def guess(environment: Mapping[str, str]) -> str:
    """Choose a language by the machine's locale, so that a first start needs no setting."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            code = value[:2].lower()
            return code if code in LANGUAGES else SOURCE
    return SOURCE


def _(message: str) -> str:
    """Return `message` in the language in use."""
    if _Voice.catalogue is None:
        return message
    return _said(_Voice.catalogue, message, _Voice.language)


def say_all(words: Mapping[str, str]) -> dict[str, str]:
    """Say every word of a table, such as the labels of what a command answers."""
    return {code: _(word) for code, word in words.items()}


def pgettext(sense: str, message: str) -> str:
    """Return `message` in the language in use, in one of the several senses that it has."""
    if _Voice.catalogue is None:
        return message
    return _Voice.catalogue.pgettext(sense, message)


def _said(catalogue: NullTranslations, message: str, language: str) -> str:
    if isinstance(message, Words):
        return message.said(language)
    if not message:  # its translation would be the catalogue's header
        return message
    # What was marked with a sense far below carries it up to here (`gdpr.text.NP_`).
    sense = getattr(message, "sense", None)
    return catalogue.gettext(message) if sense is None else catalogue.pgettext(sense, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form that fits `count`; Latvian has three of them."""
    if _Voice.catalogue is None:
        return singular if count == 1 else plural
    return _Voice.catalogue.ngettext(singular, plural, count)


def filled(text: str, arguments: Mapping[str, date | int | str]) -> str:
    """Say a marked message in the language in use, in the form that fits its `count`."""
    from gdpr.text import Counted  # noqa: PLC0415 - the front page says no such thing

    given = spoken_all(arguments)
    if isinstance(text, Counted):
        return ngettext(text.one, text, int(given["count"])).format(**given)
    return _(text).format(**given)


def spoken(day: date | str) -> Day:
    """Make a day ready to be put into a sentence of the language in use."""
    from crm.dates import day_in  # noqa: PLC0415 - the front page names no day

    return day_in(_Voice.language, day)


def spoken_all(arguments: Mapping[str, date | int | str]) -> dict[str, int | str]:
    """Make every day among `arguments` ready to be put into a sentence."""
    from crm.dates import days_in  # noqa: PLC0415 - the front page names no day

    return days_in(_Voice.language, arguments)
