"""Groups and who is in them."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from siaga.simulator.acting import find_person
from siaga.simulator.console import TheWorld
from siaga.simulator.journal import Json
from siaga.simulator.posting import change_bot_status, post, tell_bot
from siaga.simulator.refusals import impossible
from siaga.simulator.state import Chat, Person, World
from siaga.simulator.views import chat_json, member_as

router = APIRouter(prefix="/sim/groups")


class GroupIn(BaseModel):
    """A new group; its first member owns it. `bot_rights` null leaves the bot out."""

    title: str
    kind: Literal["supergroup", "group"] = "supergroup"
    is_forum: bool = False
    members: list[int] = []
    bot_rights: Literal["admin", "member"] | None = "admin"
    privacy: bool = True


class MemberIn(BaseModel):
    """A change of membership; `user` may be the bot."""

    user: int
    action: Literal["add", "remove"]


@router.post("")
async def add_group(world: TheWorld, wanted: GroupIn) -> Json:
    """Makes a group and tells the bot that it was added."""
    people = [find_person(world, user) for user in wanted.members]
    if not people:
        impossible(400, "a group has at least one member")
    if wanted.kind == "group" and wanted.is_forum:
        impossible(400, "only a supergroup has topics")
    number = next(world.ids.group if wanted.kind == "supergroup" else world.ids.basic_group)
    chat = Chat(number, wanted.kind, wanted.title, wanted.is_forum, privacy=wanted.privacy)
    chat.members = {person.id: "member" for person in people} | {people[0].id: "creator"}
    chat.bot_status = "left"
    world.chats[chat.id] = chat
    if wanted.bot_rights:
        chat.bot_status = "administrator" if wanted.bot_rights == "admin" else "member"
        change_bot_status(world, chat, people[0], "left", chat.bot_status)
    world.journal.event("chats", chat.id)
    return _group_json(world, chat)


@router.post("/{chat_id}/members")
async def change_members(world: TheWorld, chat_id: int, wanted: MemberIn) -> Json:
    """Somebody, or the bot, comes or goes."""
    chat = world.chat(chat_id)
    if chat.private:
        impossible(400, "a private chat has no members")
    owner = next((user for user, status in chat.members.items() if status == "creator"), None)
    adding = wanted.action == "add"
    if wanted.user == world.settings.bot_id:
        actor = find_person(world, owner or next(iter(chat.members)))
        _change_bot(world, chat, actor, adding=adding)
    else:
        _change_person(world, chat, find_person(world, wanted.user), adding=adding)
    world.journal.event("chats", chat.id)
    return _group_json(world, chat)


@router.post("/{chat_id}/upgrade")
async def upgrade(world: TheWorld, chat_id: int) -> Json:
    """A basic group becomes a supergroup: another chat with the same people, told in both."""
    old = world.chat(chat_id)
    if old.type != "group" or old.upgraded_to is not None:
        impossible(400, "only a basic group becomes a supergroup, and once")
    new = Chat(next(world.ids.group), "supergroup", old.title, privacy=old.privacy)
    new.members, new.bot_status = dict(old.members), old.bot_status
    world.chats[new.id] = new
    owner = find_person(world, next(user for user, status in old.members.items() if status == "creator"))
    for chat, service in ((old, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": old.id})):
        tell_bot(world, chat, post(world, chat, owner.user, service))
    old.upgraded_to, old.members, old.bot_status = new.id, {}, "left"
    world.journal.event("chats", new.id)
    return _group_json(world, new)


def _change_bot(world: World, chat: Chat, actor: Person, *, adding: bool) -> None:
    old = chat.bot_status
    if adding == (old in ("member", "administrator")):
        return
    chat.bot_status = "member" if adding else "kicked"
    change_bot_status(world, chat, actor, old, chat.bot_status)
    service = {"new_chat_members": [world.bot()]} if adding else {"left_chat_member": world.bot()}
    stored = post(world, chat, actor.user, service)
    tell_bot(world, chat, stored)


def _change_person(world: World, chat: Chat, person: Person, *, adding: bool) -> None:
    old = chat.members.get(person.id, "left")
    if adding == (old != "left"):
        return
    new = "member" if adding else "left"
    if adding:
        chat.members[person.id] = new
    else:
        del chat.members[person.id]
    service = {"new_chat_members": [person.user]} if adding else {"left_chat_member": person.user}
    tell_bot(world, chat, post(world, chat, person.user, service))
    if chat.bot_status == "administrator":
        change: Json = {
            "chat": chat_json(world, chat),
            "from": person.user,
            "date": world.clock.date(),
            "old_chat_member": member_as(old, person.user),
            "new_chat_member": member_as(new, person.user),
        }
        world.updates.push("chat_member", change)


def _group_json(world: World, chat: Chat) -> Json:
    return chat_json(world, chat) | {"members": list(chat.members), "bot_status": chat.bot_status}
