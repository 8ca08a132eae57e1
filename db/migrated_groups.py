"""A group that became a supergroup is another chat: the link follows, and what waits goes there.

Telegram says so by a message in either chat and by refusing to send to the old one; whichever comes first
counts, the others find nothing left to do. Messages of the old chat can be edited and replied to no more.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import announce
from db.chat.rooms import open_rooms
from db.chat.wake import wake_senders
from db.queries.people import admin_ids
from domain.notices import NOTICES

_MOVED = "staff_group_moved"
_FOLLOW = (
    # Cards are made anew: the messages that showed them are out of reach.
    text("update cards set retired_at = clock_timestamp() where chat_id = :old and retired_at is null"),
    text(
        """
        update deliveries set state = 'dropped', error = 'the group became a supergroup', content = null
        where chat_id = :old and state in ('due', 'uncertain', 'sending')
          and (card_id is not null or edit_message_id is not null)
        """
    ),
    text(
        """
        update deliveries set chat_id = :new, thread_id = null,
          context = case when context ? 'reply_to' then context || '{"reply_to": null}' else context end
        where chat_id = :old and state in ('due', 'uncertain', 'sending')
        """
    ),
    text("update ticket_messages set to_chat_id = :new where to_chat_id = :old and to_message_id is null"),
)
_LINK = text(
    """
    update staff_groups set chat_id = :new where chat_id = :old
      and not exists (select from staff_groups there where there.chat_id = :new)
    returning organization_id, title
    """
)


async def group_migrated(session: AsyncSession, old: int, new: int) -> None:
    """Let the helpdesk's link, and everything that waits for the old chat, follow to the new one."""
    link = (await session.execute(_LINK, {"old": old, "new": new})).one_or_none()
    for step in _FOLLOW:
        await session.execute(step, {"old": old, "new": new})
    if link is None:
        await wake_senders(session)
        return
    source = f"migrated-{old}-{new}"
    await open_rooms(session, link.organization_id, source=source)
    for user_id in await admin_ids(session, link.organization_id):
        await announce(
            session,
            template=_MOVED,
            user_id=user_id,
            organization_id=link.organization_id,
            source=source,
            context={"title": link.title},
            loudness=NOTICES[_MOVED].loudness,
            delivery_class=NOTICES[_MOVED].delivery_class,
        )
