"""docs/internals/data-map.md, written from the record classes: every column there is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.privacy import CATEGORIES, ITEMS, MASKED, ROLES, SMALL_OFFICE
from crm.schema import SCHEMA
from gdpr.audit.entries import MODELS
from gdpr.store.fields import HouseText, Personal, Sealed, TokenField
from gdpr.store.layout import FIXED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdpr.store.record import Record

_HEAD = """# Data map

Written from the record classes and `crm/privacy.py` by `make docs`; edit those, not this page.

Every column of the database stands here: the personal ones with the data item a purpose must name
before anything may be stored in them, the plain ones with the reason why they may be read by a
machine. A column that is neither does not import. `id`, `rev` and `mac` begin every row.
"""
_PERSONAL = """## Personal columns

Sealed one by one, with the data key of the person and the category. *Found by* names the kind of
search token that lies beside the column; equal tokens tell that two values are equal, nothing more.

| table | column | item | category | origin | term | found by |
| --- | --- | --- | --- | --- | --- | --- |"""
_SUBJECT = """## Whose data a row holds

| table | about |
| --- | --- |"""
_HOUSE = """## What the register notes for itself

No datum about somebody, but a name may stand in it: sealed with a key of the register itself, which
everybody holds who can open it.

| table | column | what it is |
| --- | --- | --- |"""
_PLAIN = """## Plain columns

| table | column | why it may be plain |
| --- | --- | --- |"""
_LOG = """## The log

`{tables}` hold codes, counts, ids and signatures, never a value; their layout is in
[vault formats](vault-formats.md). What they hold in columns: {columns}.
"""
_ROLES = """## Who reads what

r: reads; rw: reads and writes; –: has no key. *{small}* is a preset for a firm where everybody does
everything.

| category | items | {roles} |
| --- | --- | {lines} |"""
_MASKED = """Of natural persons {items} show as dots until somebody asks to see them;
that is an entry in the log.
"""


def data_map() -> str:
    """Write the page."""
    models = SCHEMA.all_models()
    parts = [_HEAD, _PERSONAL, *_personal(models), "", _SUBJECT, *_subjects(models), ""]
    parts += [_ROLES.format(**_role_words()), *_roles(), ""]
    masked = " and ".join(sorted(f"`{item.code}`" for item in MASKED))
    parts += [
        _MASKED.format(items=masked),
        _HOUSE,
        *_house(models),
        "",
        _PLAIN,
        *_plain(models),
        "",
    ]
    tables = "`, `".join(_meta(model).table_name for model in MODELS)
    names = dict.fromkeys(name for model in MODELS for name in _meta(model).fields)
    columns = ", ".join(f"`{name}`" for name in names)
    parts.append(_LOG.format(tables=tables, columns=columns))
    return "\n".join(parts)


def _personal(models: tuple[type[Record], ...]) -> Iterator[str]:
    for table, field in _fields(models):
        if isinstance(field, Personal):
            item = field.item
            found = f"{field.findable}, blocks a second one" if field.blocking else field.findable
            yield (
                f"| `{table}` | `{field.name}` | `{item.code}` | {item.category.code}"
                f" | {field.origin.value} | <{item.dpv}> | {found or ''} |"
            )


def _subjects(models: tuple[type[Record], ...]) -> Iterator[str]:
    for model in models:
        if not model.subject:
            continue
        whose = "the person itself" if model.subject == "id" else f"`{model.subject}`"
        needs = f"; goes with `{model.needs}` too" if model.needs else ""
        kept = "; kept on a clock and a key of its own" if model.kept else ""
        yield f"| `{_meta(model).table_name}` | {whose}{needs}{kept} |"


def _house(models: tuple[type[Record], ...]) -> Iterator[str]:
    for table, field in _fields(models):
        if isinstance(field, HouseText):
            yield f"| `{table}` | `{field.name}` | {field.reason} |"


def _plain(models: tuple[type[Record], ...]) -> Iterator[str]:
    for table, field in _fields(models):
        if isinstance(field, TokenField):
            yield f"| `{table}` | `{field.name}` | search token of `{field.of}`, dies with it |"
        elif not isinstance(field, Sealed):
            yield f"| `{table}` | `{field.name}` | {field.reason} |"


def _role_words() -> dict[str, str]:
    roles = [*ROLES.values(), SMALL_OFFICE]
    return {
        "small": SMALL_OFFICE.code,
        "roles": " | ".join(role.code for role in roles),
        "lines": " | ".join("---" for _role in roles),
    }


def _roles() -> Iterator[str]:
    roles = [*ROLES.values(), SMALL_OFFICE]
    for category in CATEGORIES:
        items = ", ".join(f"`{item.code}`" for item in ITEMS.values() if item.category is category)
        access = " | ".join(role.access[category].value or "–" for role in roles)
        yield f"| {category.code} | {items} | {access} |"
    access = " | ".join(role.register.value or "–" for role in roles)
    yield f"| register and log | no names | {access} |"


def _fields(models: tuple[type[Record], ...]) -> Iterator[tuple[str, Any]]:
    for model in models:
        for field in _meta(model).sorted_fields:
            if field.name not in FIXED:
                yield _meta(model).table_name, field


def _meta(model: type[Any]) -> Any:
    return model._meta  # peewee keeps its column table there
