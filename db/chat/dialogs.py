"""Where a person is in a form: one row per person and place, so any replica continues (DESIGN 6)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chat import Card, Dialog
from domain.chat import Thing


@dataclass(slots=True)
class DialogState:
    """An open dialog; ``answers`` and ``draft`` are JSON. Written back by ``save``."""

    id: int
    chat_id: int
    thread_id: int
    telegram_id: int
    name: str
    field: str
    path: list[str]
    answers: dict[str, Any]
    draft: dict[str, Any]
    version: int
    source: str
    last_source: str


def _state(row: Dialog) -> DialogState:
    return DialogState(**{name: getattr(row, name) for name in DialogState.__slots__})


async def open_dialog(session: AsyncSession, state: DialogState, hours: float) -> int:
    """Write a new dialog in place of whatever the person had open there; return its id."""
    place = (
        Dialog.chat_id == state.chat_id,
        Dialog.thread_id == state.thread_id,
        Dialog.telegram_id == state.telegram_id,
    )
    await session.execute(delete(Dialog).where(*place))
    values = {name: getattr(state, name) for name in DialogState.__slots__ if name != "id"}
    made = (
        insert(Dialog).values(**values, expires_at=func.now() + timedelta(hours=hours)).returning(Dialog.id)
    )
    return int((await session.execute(made)).scalar_one())


async def dialog_at(
    session: AsyncSession, chat_id: int, thread_id: int, telegram_id: int
) -> DialogState | None:
    """Return the person's open dialog in a chat; None when there is none or its time is over."""
    query = select(Dialog).where(
        Dialog.chat_id == chat_id,
        Dialog.thread_id == thread_id,
        Dialog.telegram_id == telegram_id,
        Dialog.expires_at > func.now(),
    )
    row = await session.scalar(query)
    return None if row is None else _state(row)


async def dialog_by_id(session: AsyncSession, dialog_id: int) -> DialogState | None:
    """Return an open dialog."""
    row = await session.scalar(select(Dialog).where(Dialog.id == dialog_id, Dialog.expires_at > func.now()))
    return None if row is None else _state(row)


async def save(session: AsyncSession, state: DialogState) -> None:
    """Write a dialog back."""
    row = await session.get(Dialog, state.id)
    if row is None:
        return
    for name in ("field", "path", "answers", "draft", "version", "source", "last_source"):
        setattr(row, name, getattr(state, name))
    await session.flush()


async def close(session: AsyncSession, dialog_id: int) -> None:
    """End a dialog."""
    await session.execute(delete(Dialog).where(Dialog.id == dialog_id))


async def ended_with(session: AsyncSession, dialog_id: int, chat_id: int, message_id: int) -> bool:
    """Return whether a message was a dialog's last prompt when the dialog ended."""
    last = select(Card.id).where(
        Card.thing == Thing.DIALOG,
        Card.thing_id == dialog_id,
        Card.chat_id == chat_id,
        Card.message_id == message_id,
        Card.retired_at.is_not(None),
    )
    return await session.scalar(last) is not None
