"""The base of every stored row: a client-made id, a revision, a MAC, and declared columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from peewee import BlobField, IntegerField, Metadata, Model

from gdpr.errors import Failed
from gdpr.store.layout import Layout, layout_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdpr.store.owners import OwnerKeys


class _TableOf(Metadata):
    """The table of a record: what its class says of itself need not be said to peewee once more."""

    def __init__(self, model: type[Record], **options: Any) -> None:
        """Take the options of a `Meta` as well, such as the name of a table called differently."""
        together = vars(model).get("unique_together")
        if together:
            options["indexes"] = [(together, True)]
        super().__init__(model, **{"without_rowid": not model.wide, **options})

    def make_table_name(self) -> str:
        """Call it like the class, without what tells the class from the fact it stores."""
        return str(super().make_table_name()).removesuffix("_row")


class Record(Model):
    """A row whose columns are personal (sealed) or plain with a reason, and that knows whose it is.

    `subject` names the column with the data subject's id ("id": the row is the subject, "":
    nobody's). `kept` rows have a clock and a data key of their own and outlive their subject.
    `needs` names a column with the id of a second subject, without whom the row makes no sense.
    `keeps` names the column with the id of the party that a row gives a reason to keep.
    `few` says that the rows are few enough to be added up whenever somebody opens the vault.
    `parts` are classes, each with the column that holds this row's id, whose rows go with it.
    `unique_together` names columns that are not the same in two rows. A table is called like its
    class, without `Row`. It is kept in the order of the ids, one tree less for each; `wide` rows,
    or those with many indexes, are found faster by a number of their own.
    """

    id = BlobField(primary_key=True)
    rev = IntegerField()
    mac = BlobField()

    subject: ClassVar[str] = ""
    kept: ClassVar[bool] = False
    needs: ClassVar[str] = ""
    keeps: ClassVar[str] = ""
    few: ClassVar[bool] = False
    parts: ClassVar[tuple[tuple[type[Record], str], ...]] = ()
    wide: ClassVar[bool] = False
    unique_together: ClassVar[tuple[str, ...]] = ()

    class Meta:
        """Every record has this instead of a `Meta`."""

        legacy_table_names = False
        model_metadata_class = _TableOf

    _keys: OwnerKeys | None
    _stored: tuple[Any, ...] | None

    @classmethod
    def layout(cls) -> Layout:
        """Return the compiled layout of this class."""
        return layout_of(cls)

    @classmethod
    def from_row(cls, row: tuple[Any, ...], keys: OwnerKeys | None) -> Self:
        """Build a record around one stored row and the keys of its owner as the desk read them."""
        record = cls.__new__(cls)
        record.__dict__.update(
            __data__=dict(zip(layout_of(cls).columns, row, strict=True)),
            __rel__={},
            _dirty=set(),
            _keys=keys,
            _stored=row,
        )
        return record

    @property
    def stored(self) -> tuple[Any, ...] | None:
        """Return the row as read, in layout order, or None for a new record."""
        return self.__dict__.get("_stored")

    @property
    def pending(self) -> Mapping[str, str | None]:
        """Return the plaintexts that wait to be sealed."""
        waiting: dict[str, str | None] = self.__dict__.get("_pending", {})
        return waiting

    @property
    def owner(self) -> bytes:
        """Return the id whose data keys seal this row: its subject's, or its own when kept."""
        layout = layout_of(type(self))
        if layout.kept or not layout.subject:
            return bytes(self.id)
        return bytes(getattr(self, layout.subject))

    @property
    def about(self) -> bytes | None:
        """Return the id of the data subject, or None for a row about nobody."""
        subject = layout_of(type(self)).subject
        return bytes(getattr(self, subject)) if subject else None

    def open_sealed(self, column: str, sealed: bytes) -> str | None:
        """Open one field with the keys of the desk that read this row."""
        keys: OwnerKeys | None = self.__dict__.get("_keys")
        if keys is None:
            raise Failed
        layout = layout_of(type(self))
        if any(column == name for name, _place in layout.house):
            return keys.open_house(layout, column, bytes(self.id), sealed)
        return keys.open_field(layout, layout.column(column), bytes(self.id), sealed)

    def holds(self, column: str) -> bool:
        """Tell whether a personal column is filled, without opening it."""
        waiting = self.__dict__.get("_pending")
        if waiting and column in waiting:
            return waiting[column] is not None
        return self.__data__.get(column) is not None

    def __repr__(self) -> str:
        """Show the class only; a row in a trace must not show data."""
        return f"<{type(self).__name__}>"

    __str__ = __repr__
