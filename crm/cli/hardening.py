"""What the process does before it holds a secret: closed files, no dumps, silent logs.

A core file, a debugger or a chatty library would each write plaintext where nobody erases it.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

# The toolkit of the screens reads these: they write what is drawn to files or to a server, type
# keys, or put another driver between the program and its terminal.
_TOOLKIT = "TEXTUAL"
_PR_SET_DUMPABLE = 4
# What is mapped now, what will be, and each page once it is touched: nothing is loaded for it.
_LOCK_ALL = 1 | 2 | 4
_EVENT_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz:-_.")
_LONGEST_EVENT = 60
_COLONS = 2
_OURS = ("crm", "gdpr", "tui")
# What a log line may carry beside the event: counts and codes of our own.
_FIELDS = ("count", "code", "seq", "table")


class AllowListFormatter(logging.Formatter):
    """Write only what is known to be harmless: our own event codes, counts, table names.

    What a library says is withheld whole, for it may hold a value.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Compose the line; `args`, exception texts and stacks are never looked at."""
        parts = [record.levelname.lower(), record.name]
        if record.name.partition(".")[0] not in _OURS or not _is_event(record.msg):
            return " ".join([*parts, "withheld"])
        parts.append(record.msg)
        for field in _FIELDS:
            value = getattr(record, field, None)
            ours = isinstance(value, str) and _EVENT_LETTERS.issuperset(value)
            if ours or isinstance(value, int):
                parts.append(f"{field}={value}")
        return " ".join(parts)


def _is_event(message: object) -> bool:
    # source:subject:action, as the audit vocabulary writes it.
    return (
        isinstance(message, str)
        and message.count(":") == _COLONS
        and len(message) <= _LONGEST_EVENT
        and _EVENT_LETTERS.issuperset(message)
    )


def harden() -> None:
    """Close this process up; called once, before anything else is imported."""
    os.umask(0o077)
    for name in list(os.environ):
        if name.startswith(_TOOLKIT):
            del os.environ[name]
    _forbid_dumps()
    _stay_in_memory()
    _quiet_logs()


def _forbid_dumps() -> None:
    try:
        import resource
    except ImportError:  # Windows writes no core files by itself
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        # Also keeps other processes of the same user from attaching or reading our memory.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _stay_in_memory() -> None:
    """Ask the system to keep keys and names out of the swap file, where it lets us.

    Only without a limit: under one the lock would hold at first, and the memory that a password's
    key needs would be refused later.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import resource

    soft, _hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft == resource.RLIM_INFINITY or os.geteuid() == 0:
        ctypes.CDLL(None).mlockall(_LOCK_ALL)


def _quiet_logs() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowListFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    # A warning quotes source lines and values.
    warnings.simplefilter("ignore")
