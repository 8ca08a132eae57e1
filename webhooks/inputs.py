"""Shapes and limits that the endpoints share: what text, a number, a moment and a page may be."""

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

LARGEST = 2**63 - 1
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def _without_nul(text: str) -> str:
    """Refuse what PostgreSQL cannot store as text."""
    if "\x00" in text:
        message = "must not contain NUL"
        raise ValueError(message)
    return text


def _in_range(moment: datetime) -> datetime:
    if not _EARLIEST <= moment <= _LATEST:
        message = "must be between 1970 and 2200"
        raise ValueError(message)
    return moment


Identity = Annotated[int, Field(ge=1, le=LARGEST)]
PathId = Annotated[int, Path(ge=1, le=LARGEST)]
QueryId = Annotated[int | None, Query(ge=1, le=LARGEST)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255), AfterValidator(_without_nul)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(_without_nul)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=4096), AfterValidator(_without_nul)
]
Search = Annotated[str, Query(max_length=100), AfterValidator(_without_nul)]
Reason = Annotated[str, Query(max_length=255), AfterValidator(_without_nul)]
Caption = Annotated[str, Query(max_length=1024), AfterValidator(_without_nul)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="Degrees, WGS 84")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="Degrees, WGS 84")]
Moment = Annotated[AwareDatetime, AfterValidator(_in_range)]
"""A point in time with its zone."""


class Input(BaseModel):
    """A request body; a field that nobody knows is refused, so a typing error is heard of."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """A response body, read from a row of ``db.queries`` or a view of ``domain``."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel, Generic[T]):
    """A part of a list and how long the whole is."""

    items: list[T]
    total: int
    limit: int
    offset: int


class Paging:
    """Which part of a list is wanted."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> None:
        self.limit = limit
        self.offset = offset


Paged = Annotated[Paging, Depends()]
