"""Every message of one or two words with its sense and its translations, for reading through.

Short messages are where one English word stands for two things (*right*, *left*, *given*), and a
translator who sees the word alone cannot know which.
"""

from __future__ import annotations

from tests.house.catalogues import LANGUAGES, collected, read

_MOST_WORDS = 2
_HEAD = """# Short messages

Written from the catalogues by `make docs`. Every message of one or two words, with the sense that
`pgettext` or `NP_` gives it where a word means several things.

| message | sense | Latvian | Italian |
| --- | --- | --- | --- |
"""


def short_messages() -> str:
    """Write docs/internals/short-messages.md."""
    catalogues = [read(language) for language in LANGUAGES]
    lines = []
    for message in sorted(
        collected(), key=lambda one: (str(one.id).lower(), one.context or "", str(one.id))
    ):
        if isinstance(message.id, str) and 0 < len(message.id.split()) <= _MOST_WORDS:
            said = [catalogue.get(message.id, message.context) for catalogue in catalogues]
            words = [str(one.string) if one else "" for one in said]
            lines.append(f"| {' | '.join((message.id, message.context or '', *words))} |")
    return _HEAD + "\n".join(lines) + "\n"
