"""Declarative base: constraint names, time columns, string enums."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, Identity, MetaData, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables; every constraint gets a predictable name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's declared interface
        datetime: DateTime(timezone=True),
        int: BigInteger(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


def code(kind: type[StrEnum], name: str | None = None) -> Enum:
    """Return the column type of a StrEnum: stored as text, guarded by a check constraint.

    ``name`` tells two columns of one kind in one table apart.
    """
    return Enum(
        kind,
        native_enum=False,
        length=50,
        name=name or kind.__name__.lower(),
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


class Numbered:
    """A bigint primary key given by the database."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-10)


class Dated:
    """When the row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), sort_order=91
    )


class SoftDeleted:
    """Rows the seeds delete softly, so that history keeps its partner."""

    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=92)
