"""Modules, categories and canned answers of a helpdesk: no workflow stands behind them (decision 14).

What holds for all is never changed by one organization: a row of its own replaces the shared one there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.helpdesk import CannedAnswer, TicketCategory, TicketModule
from domain.errors import InvalidInput, NotFound


class ChoiceKind(StrEnum):
    """Which of the two lists."""

    MODULE = "module"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """A module or a category as an admin names it; ``keywords`` suggest it."""

    name: str
    name_en: str
    keywords: Sequence[str] = ()


_TABLES: dict[ChoiceKind, type[TicketModule | TicketCategory]] = {
    ChoiceKind.MODULE: TicketModule,
    ChoiceKind.CATEGORY: TicketCategory,
}


async def add_choice(
    session: AsyncSession, kind: ChoiceKind, organization_id: int, words: ChoiceWords
) -> int:
    """Add a module or category and return its number; one of that name is switched on again and kept."""
    table = _TABLES[kind]
    same = select(table.id).where(
        table.organization_id == organization_id, func.lower(table.name) == words.name.lower()
    )
    found = await session.scalar(same.limit(1))
    if found is not None:
        await session.execute(update(table).where(table.id == found).values(is_active=True))
        return found
    made = insert(table).values(
        organization_id=organization_id,
        name=words.name,
        name_en=words.name_en or words.name,
        keywords=list(words.keywords),
    )
    return int(await session.scalar(made.returning(table.id)) or 0)


async def change_choice(  # noqa: PLR0913 - which one, whose, and what of it
    session: AsyncSession,
    kind: ChoiceKind,
    organization_id: int,
    number: int,
    words: ChoiceWords | None = None,
    *,
    active: bool = True,
) -> int:
    """Rename a module or category, or switch it off, and return the number it has now.

    Raises:
        NotFound: it holds not in this organization.
    """
    table = _TABLES[kind]
    row: TicketModule | TicketCategory | None = await session.get(table, number)
    if row is None or row.organization_id not in (None, organization_id):
        raise NotFound(noun=kind.value)
    new = {
        "name": words.name if words else row.name,
        "name_en": (words.name_en or words.name) if words else row.name_en,
        "keywords": list(words.keywords) if words and words.keywords else list(row.keywords),
        "is_active": active,
    }
    if row.organization_id is not None:
        await session.execute(update(table).where(table.id == number).values(new))
        return number
    made = insert(table).values(
        organization_id=organization_id, replaces_id=number, position=row.position, **new
    )
    keyed = made.on_conflict_do_update(index_elements=[table.organization_id, table.replaces_id], set_=new)
    return int(await session.scalar(keyed.returning(table.id)) or 0)


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer by its name, in both languages."""

    name: str
    text_id: str
    text_en: str


async def write_canned(
    session: AsyncSession, organization_id: int, canned: Canned, number: int | None = None
) -> int:
    """Write an answer and return its number; one of that name is written anew.

    Raises:
        NotFound: no such answer to change.
        InvalidInput: another answer has this name.
    """
    words = {"text_id": canned.text_id, "text_en": canned.text_en or canned.text_id}
    if number is None:
        made = insert(CannedAnswer).values(organization_id=organization_id, name=canned.name, **words)
        kept = made.on_conflict_do_update(
            index_elements=[CannedAnswer.organization_id, CannedAnswer.name], set_=words
        )
        return int(await session.scalar(kept.returning(CannedAnswer.id)) or 0)
    other = select(CannedAnswer.id).where(
        CannedAnswer.organization_id == organization_id,
        CannedAnswer.name == canned.name,
        CannedAnswer.id != number,
    )
    if await session.scalar(other) is not None:
        raise InvalidInput(field="name", problem="taken")
    mine = (CannedAnswer.id == number, CannedAnswer.organization_id == organization_id)
    changed = update(CannedAnswer).where(*mine).values(name=canned.name, **words).returning(CannedAnswer.id)
    if await session.scalar(changed) is None:
        raise NotFound(noun="canned_answer")
    return number


async def delete_canned(session: AsyncSession, organization_id: int, number: int) -> None:
    """Delete an answer; one that is gone stays gone."""
    mine = (CannedAnswer.id == number, CannedAnswer.organization_id == organization_id)
    await session.execute(delete(CannedAnswer).where(*mine))
