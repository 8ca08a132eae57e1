"""A ticket's room in the staff's group: what has to be done to it before a message about the ticket is sent.

The sender asks here first. What differs from the ticket's row is put right by one call, then the delivery is
due again. So a topic is made before the first message, it is renamed once however often its name changed in
the meantime, and every call keeps to the group's rate (DESIGN 6).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.render import Audience, Renderer
from db.chat import cards, rooms
from db.chat.queue import Due
from db.queries.staff_groups import Group, Room, group_in, room_of, standing_room
from db.queries.tickets import TicketDetail, ticket_by_id
from db.staff_groups import became_forum, group_changed
from domain.chat import Thing
from domain.defaults import TIME_ZONE
from domain.staff_groups import GroupProblem
from domain.tickets import TicketStatus

NAME_LENGTH = 128
NOT_MODIFIED, THREAD_GONE = "TOPIC_NOT_MODIFIED", "message thread not found"
_NO_RIGHT, _NO_FORUM = "not enough rights", "the chat is not a forum"

Then = Callable[[AsyncSession, Any], Awaitable[None]]
"""Writes what a call has changed; is given its result."""


@dataclass(frozen=True, slots=True)
class Step:
    """A call that comes before a delivery, or instead of a message (``last``)."""

    method: str
    given: Mapping[str, Any]
    then: Then
    ticket_id: int
    last: bool = False
    so_already: tuple[str, ...] = (NOT_MODIFIED,)
    """Refusals that mean that it was so already."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the group a message about a ticket goes."""

    ticket_id: int
    thread_id: int | None
    below: int | None
    """The message of a plain group that it hangs below."""


@dataclass(frozen=True, slots=True)
class Nowhere:
    """There is no place for it, and none is to be made."""

    reason: str


class Rooms:
    """Says where a delivery to a staff group goes, or what has to be done first."""

    def __init__(self, renderer: Renderer, language: str) -> None:
        self._renderer = renderer
        self._audience = Audience(language, TIME_ZONE)

    async def enter(self, session: AsyncSession, due: Due) -> Place | Step | Nowhere | None:
        """Return the place or the next step; None: the delivery is not about a ticket."""
        if due.card_id is None and due.thing == Thing.TICKET and due.thing_id is not None:
            standing = await standing_room(session, due.thing_id, due.chat_id)
            if standing is not None:
                return Place(standing.ticket_id, standing.thread_id, standing.root_message_id)
        ticket = await _ticket(session, due)
        if ticket is None:
            return None
        group = await group_in(session, due.chat_id)
        if group is None or group.organization_id != ticket.organization_id:
            return Nowhere("the group is not the helpdesk's")
        room = await room_of(session, ticket.ticket_id)
        name = self._name(ticket)
        if room is None or not _serves(room, group):
            if due.card_id is not None and ticket.status == TicketStatus.CLOSED:
                return Nowhere("a closed ticket needs no new room")
            return await _new_room(session, ticket, group, name)
        step = _difference(ticket, room, name) if due.card_id is not None else None
        return step or Place(ticket.ticket_id, room.thread_id, room.root_message_id)

    def _name(self, ticket: TicketDetail) -> str:
        return self._renderer.plain("machinery/topic", self._audience, {"ticket": ticket})[:NAME_LENGTH]


async def put_right(session: AsyncSession, place: Place | Step | None, chat_id: int, refusal: str) -> bool:
    """Take note of what a refusal tells of a room or its group; return whether another try makes sense."""
    if isinstance(place, Place) and place.thread_id is not None and THREAD_GONE in refusal:
        await rooms.lost(session, place.ticket_id, chat_id)
        return True
    if not isinstance(place, Step):
        return False
    if THREAD_GONE in refusal and "message_thread_id" in place.given:
        await rooms.lost(session, place.ticket_id, chat_id)
        return True
    if _NO_FORUM in refusal:
        await became_forum(session, chat_id, is_forum=False)
        return True
    if _NO_RIGHT in refusal:
        source = f"group-{chat_id}-{place.method}"
        await group_changed(session, chat_id, GroupProblem.NO_TOPICS_RIGHT, source=source)
        return True
    return False


async def _ticket(session: AsyncSession, due: Due) -> TicketDetail | None:
    thing, number = due.thing, due.thing_id
    if due.card_id is not None:
        card = await cards.card_by_id(session, due.card_id)
        thing, number = (card.thing, card.thing_id) if card else (None, None)
    return await ticket_by_id(session, number) if thing == Thing.TICKET and number else None


def _serves(room: Room, group: Group) -> bool:
    """Return whether a room is there and of the kind that the group has now."""
    there = room.lost_at is None and room.chat_id == group.chat_id
    return there and group.has_topics == (room.thread_id is not None)


async def _new_room(session: AsyncSession, ticket: TicketDetail, group: Group, name: str) -> Place | Step:
    if group.has_topics:
        return _create(ticket, group, name)
    number, organization = ticket.ticket_id, ticket.organization_id
    await rooms.entered(session, number, organization, group.chat_id, thread_id=None, name=None)
    return Place(number, None, None)


def _create(ticket: TicketDetail, group: Group, name: str) -> Step:
    async def then(session: AsyncSession, result: Any) -> None:  # noqa: ANN401 - a ForumTopic
        await rooms.entered(
            session,
            ticket.ticket_id,
            group.organization_id,
            group.chat_id,
            thread_id=result["message_thread_id"],
            name=name,
        )

    return Step("createForumTopic", {"chat_id": group.chat_id, "name": name}, then, ticket.ticket_id)


def _difference(ticket: TicketDetail, room: Room, name: str) -> Step | None:
    """Return the call by which a topic gets the ticket's name, or is closed or opened with it."""
    if room.thread_id is None:
        return None
    number = ticket.ticket_id
    at = {"chat_id": room.chat_id, "message_thread_id": room.thread_id}
    closed = ticket.status == TicketStatus.CLOSED
    if name != room.name:

        async def rename(session: AsyncSession, _: Any) -> None:  # noqa: ANN401 - True
            await rooms.renamed(session, number, name)

        return Step("editForumTopic", at | {"name": name}, rename, number)
    if closed != room.is_closed:

        async def shut(session: AsyncSession, _: Any) -> None:  # noqa: ANN401 - True
            await rooms.shut(session, number, closed=closed)

        return Step("closeForumTopic" if closed else "reopenForumTopic", at, shut, number)
    return None
