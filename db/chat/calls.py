"""Calls that nobody has to hear any more: what waits for a morning is made silent, or never sent."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.chat import SendPriority, Thing

_HUSH = text(
    """
    update deliveries d set loudness = 'edit', priority = :priority, due_at = clock_timestamp()
    from cards c
    where c.id = d.card_id and c.thing = :thing and c.thing_id = :thing_id
      and c.message_id is not null and d.state = 'due'
    """
)
_UNSENT = text(
    """
    with unsent as (
      update cards c set retired_at = clock_timestamp()
      where c.thing = :thing and c.thing_id = :thing_id and c.message_id is null and c.retired_at is null
        and not exists (
          select from deliveries d
          where d.card_id = c.id and (d.state = 'sending' or d.uncertain_at is not null))
      returning id
    )
    update deliveries set state = 'dropped', error = 'called off' from unsent
    where card_id = unsent.id and state = 'due'
    """
)


async def call_off(session: AsyncSession, thing: Thing, thing_id: int) -> None:
    """Let cards of the thing that are due change silently, and those that were never sent not come at all.

    A card that may have arrived is kept: it has to say how the matter ended.
    """
    about = {"thing": thing, "thing_id": thing_id}
    await session.execute(_UNSENT, about)
    await session.execute(_HUSH, about | {"priority": SendPriority.CARD})
