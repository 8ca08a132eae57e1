"""What the bot is in a staff group, as Telegram says: asked by ``/linkgroup``, told by ``my_chat_member``."""

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberUpdated, Message

from bot.context import SiagaContext
from db.migrated_groups import group_migrated
from db.queries.staff_groups import group_in
from db.staff_groups import GroupFacts, became_forum, group_changed
from domain.staff_groups import BotStanding, problem_of

_AWAY = (ChatMember.BANNED, ChatMember.LEFT)


async def look(context: SiagaContext, chat_id: int) -> GroupFacts:
    """Ask Telegram what a group is and what the bot may do there."""
    api = context.parts.api
    chat = await api.call("getChat", {"chat_id": chat_id})
    me = await api.call("getMe")
    held = await api.call("getChatMember", {"chat_id": chat_id, "user_id": me["id"]})
    standing = BotStanding(
        is_member=held["status"] not in _AWAY,
        is_admin=held["status"] == ChatMember.ADMINISTRATOR,
        may_manage_topics=bool(held.get("can_manage_topics")),
        reads_everything=bool(me.get("can_read_all_group_messages")),
    )
    is_forum = bool(chat.get("is_forum"))
    problem = problem_of(standing, is_forum=is_forum)
    return GroupFacts(chat_id, chat.get("title", ""), is_forum, problem)


async def follow_group(message: Message, context: SiagaContext) -> bool:
    """Follow a group that became a supergroup; return whether the message said so."""
    to, came_from = message.migrate_to_chat_id, message.migrate_from_chat_id
    if to is None and came_from is None:
        return False
    old, new = (message.chat.id, to) if to is not None else (came_from, message.chat.id)
    async with context.transaction() as session:
        await group_migrated(session, old or 0, new or 0)
    return True


async def standing_changed(change: ChatMemberUpdated, context: SiagaContext) -> None:
    """Keep a linked group's standing right when the bot comes, goes, or gains or loses rights there."""
    async with context.transaction() as session:
        group = await group_in(session, change.chat.id)
    if group is None:
        return
    now, is_forum = change.new_chat_member, bool(change.chat.is_forum)
    me = await context.parts.api.call("getMe")
    standing = BotStanding(
        is_member=now.status not in _AWAY,
        is_admin=now.status == ChatMember.ADMINISTRATOR,
        may_manage_topics=isinstance(now, ChatMemberAdministrator) and bool(now.can_manage_topics),
        reads_everything=bool(me.get("can_read_all_group_messages")),
    )
    problem = problem_of(standing, is_forum=is_forum)
    async with context.transaction() as session:
        await became_forum(session, change.chat.id, is_forum=is_forum)
        await group_changed(session, change.chat.id, problem, source=context.source)
