"""What click says in our commands' place, listed so that the catalogues carry it.

click asks the standard `gettext` for these; a test compares the list with the installed click.
"""

from __future__ import annotations

from gdpr.text import N_


def Nn_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - named like `N_`
    """Mark a message that has a plural."""
    return singular, plural


WORDS = (
    N_("Aborted!"),
    N_("Choose from:\n\t{choices}"),
    N_("Commands"),
    N_("Error: The two entered values do not match."),
    N_("Error: invalid input"),
    N_("Error: {message}"),
    N_("Missing argument"),
    N_("Missing command."),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Missing parameter: {param_name}"),
    N_("Missing {param_type}"),
    N_("No such option {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Options"),
    N_("Repeat for confirmation"),
    N_("Show this message and exit."),
    N_("Usage:"),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("required"),
)
PLURALS = (
    Nn_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    Nn_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
)
