"""Column types: sealed ones that hold only ciphertext, and plain ones that say why they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from peewee import BlobField, Check, Field, FieldAccessor, IntegerField, TextField

from gdpr.store.errors import PlaintextRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdpr.category import Item, Origin

    # peewee's fields are generic in its stubs only.
    _SealedField = Field[str | None]
    _Blob = BlobField[bytes]
    _OptionalBlob = BlobField[bytes | None]
    _Integer = IntegerField[int]
    _OptionalInteger = IntegerField[int | None]
    _Text = TextField[str]
    _OptionalText = TextField[str | None]
else:
    _SealedField = Field
    _Blob = _OptionalBlob = BlobField
    _Integer = _OptionalInteger = IntegerField
    _Text = _OptionalText = TextField

# version byte, nonce, one padded block and the tag: nothing shorter is a sealed field
SHORTEST_FIELD = 1 + 12 + 16 + 16


class Ciphertext(bytes):
    """Bytes that a seal made, so that a column can tell them from plaintext."""

    __slots__ = ()


def sealed_check(column: str) -> str:
    """Return the schema condition of a sealed column, which holds against raw SQL as well."""
    return (
        f'"{column}" IS NULL OR (length("{column}") >= {SHORTEST_FIELD}'
        f" AND substr(\"{column}\", 1, 1) = x'01')"
    )


def uppercase_word(value: str) -> str:
    """Drop spaces and case, the form in which most official numbers are compared."""
    return "".join(value.split()).upper()


class SealedAccessor(FieldAccessor):
    """Opens on reading and holds plaintext back on writing, so that rows carry ciphertext only."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        """Return the field for the class, the opened value for a row."""
        if instance is None:
            return self.field
        pending = instance.__dict__.get("_pending")
        if pending is not None and self.name in pending:
            return pending[self.name]
        sealed = instance.__data__.get(self.name)
        if sealed is None:
            return None
        return instance.open_sealed(self.name, sealed)

    def __set__(self, instance: Any, value: Any) -> None:
        """Hold a plaintext until a transaction seals it."""
        if isinstance(value, Ciphertext):
            instance.__data__[self.name] = value
        else:
            instance.__dict__.setdefault("_pending", {})[self.name] = value


class Sealed(_SealedField):
    """A column that refuses to hold anything unsealed; nullable, because destroying means null."""

    accessor_class = SealedAccessor
    field_type: ClassVar[str] = "BLOB"

    def __init__(self) -> None:
        """Take no option: what a seal needs is the same for every column."""
        super().__init__(null=True)

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:  # noqa: FBT001, FBT002 - peewee's signature
        """Add the schema check once the name is known."""
        self.constraints = [Check(sealed_check(name))]
        super().bind(model, name, set_attribute)

    def db_value(self, value: object) -> bytes | None:
        """Let only ciphertext through, so that a query built by hand cannot leak."""
        if value is None or isinstance(value, Ciphertext):
            return value
        raise PlaintextRefused(column=str(self.name))

    def python_value(self, value: bytes | memoryview | None) -> Ciphertext | None:
        """Mark stored bytes as ciphertext."""
        return None if value is None else Ciphertext(value)


class HouseText(Sealed):
    """Text that is no datum about somebody but may name one, such as the place of a file.

    It is sealed with a key of the register itself, which everybody holds who can open it, and needs
    neither a purpose nor a category; `reason` says what stands there.
    """

    def __init__(self, reason: str) -> None:
        """Take what the column is for."""
        super().__init__()
        self.reason = reason


class Personal(Sealed):
    """A personal column: declares its item and origin, and refuses to hold anything unsealed.

    `findable` names the kind of blind-index token kept beside it (`<name>_token`), `unique` makes
    an equal token block a second row, `normalise` gives the form in which two values are equal.
    """

    def __init__(
        self,
        item: Item,
        origin: Origin,
        *,
        findable: str | None = None,
        unique: bool = False,
        normalise: Callable[[str], str] = uppercase_word,
    ) -> None:
        """Declare the column."""
        super().__init__()
        self.item = item
        self.origin = origin
        self.findable = findable
        self.blocking = unique
        self.normalise = normalise

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:  # noqa: FBT001, FBT002 - peewee's signature
        """Add the token column as well, where the field can be found by."""
        super().bind(model, name, set_attribute)
        if self.findable is not None:
            token = TokenField(of=name, unique=self.blocking)
            model._meta.add_field(f"{name}_token", token)  # noqa: SLF001 - peewee's way to add a sibling column


class TokenField(_OptionalBlob):
    """A blind-index token of the personal column it stands beside; it dies with that column."""

    def __init__(self, *, of: str, unique: bool) -> None:
        """Stand beside column `of`, indexed, and blocking equal values when `unique`."""
        super().__init__(null=True, unique=unique, index=not unique)
        self.of = of


class Plain:
    """A column that is not personal; `reason` says why it may stand unsealed."""

    def __init__(self, reason: str, **options: Any) -> None:
        """Take the reason first, then peewee's options."""
        super().__init__(**options)
        self.reason = reason


class _Optional(Plain):
    """Such a column whose value may be absent."""

    def __init__(self, reason: str, **options: Any) -> None:
        """Take the reason first, then peewee's options."""
        super().__init__(reason, null=True, **options)


class PlainInteger(Plain, _Integer):
    """A whole number."""

    field_type: ClassVar[str] = "BIGINT"


class OptionalInteger(_Optional, _OptionalInteger):
    """As `PlainInteger`, but may be absent."""

    field_type: ClassVar[str] = "BIGINT"


class PlainText(Plain, _Text):
    """Text: codes, dates."""


class OptionalText(_Optional, _OptionalText):
    """As `PlainText`, but may be absent."""


class PlainBlob(Plain, _Blob):
    """Bytes: ids, hashes."""


class OptionalBlob(_Optional, _OptionalBlob):
    """As `PlainBlob`, but may be absent."""
