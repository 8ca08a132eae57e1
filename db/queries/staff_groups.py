"""Reading which group a helpdesk works in, and where a ticket is talked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.chat import Delivery
from db.models.helpdesk import StaffGroup, TicketTopic
from domain.chat import DeliveryState
from domain.staff_groups import GroupProblem


@dataclass(frozen=True, slots=True)
class Group:
    """A linked group."""

    chat_id: int
    organization_id: int
    title: str
    is_forum: bool
    problem: GroupProblem | None
    lost_at: datetime | None

    @property
    def has_topics(self) -> bool:
        """Return whether each ticket gets a topic; else it hangs below its card."""
        return self.is_forum and self.problem != GroupProblem.NO_TOPICS_RIGHT


@dataclass(frozen=True, slots=True)
class Room:
    """Where a ticket is talked about; ``thread_id`` None: below the message ``root_message_id``."""

    ticket_id: int
    chat_id: int
    thread_id: int | None
    root_message_id: int | None
    name: str | None
    is_closed: bool
    lost_at: datetime | None


def _group(row: StaffGroup | None) -> Group | None:
    if row is None:
        return None
    problem = GroupProblem(row.problem) if row.problem else None
    return Group(row.chat_id, row.organization_id, row.title, row.is_forum, problem, row.lost_at)


def _room(row: TicketTopic | None) -> Room | None:
    return None if row is None else Room(**{name: getattr(row, name) for name in Room.__slots__})


async def group_of(session: AsyncSession, organization_id: int) -> Group | None:
    """Return the group of an organization's helpdesk."""
    return _group(
        await session.scalar(select(StaffGroup).where(StaffGroup.organization_id == organization_id))
    )


async def group_in(session: AsyncSession, chat_id: int) -> Group | None:
    """Return the linked group of a chat."""
    return _group(await session.scalar(select(StaffGroup).where(StaffGroup.chat_id == chat_id)))


async def all_groups(session: AsyncSession) -> list[Group]:
    """Return every linked group."""
    rows = await session.scalars(select(StaffGroup).order_by(StaffGroup.chat_id))
    return [group for row in rows if (group := _group(row)) is not None]


async def room_of(session: AsyncSession, ticket_id: int) -> Room | None:
    """Return where a ticket is talked about; None until the first message there was sent."""
    row = await session.scalar(select(TicketTopic).where(TicketTopic.ticket_id == ticket_id))
    return _room(row)


async def standing_room(session: AsyncSession, ticket_id: int, chat_id: int) -> Room | None:
    """Return a ticket's room in a group, if it is there and of the kind that its helpdesk's group has now."""
    has_topics = and_(
        StaffGroup.is_forum, func.coalesce(StaffGroup.problem, "") != GroupProblem.NO_TOPICS_RIGHT
    )
    group_is_its = and_(
        StaffGroup.chat_id == TicketTopic.chat_id, StaffGroup.organization_id == TicketTopic.organization_id
    )
    row = await session.scalar(
        select(TicketTopic)
        .join(StaffGroup, group_is_its)
        .where(
            TicketTopic.ticket_id == ticket_id,
            TicketTopic.chat_id == chat_id,
            TicketTopic.lost_at.is_(None),
            TicketTopic.thread_id.is_not(None) == has_topics,
        )
    )
    return _room(row)


async def ticket_in_thread(session: AsyncSession, chat_id: int, thread_id: int) -> int | None:
    """Return the ticket whose topic a thread is."""
    query = select(TicketTopic.ticket_id).where(
        TicketTopic.chat_id == chat_id, TicketTopic.thread_id == thread_id, TicketTopic.lost_at.is_(None)
    )
    return await session.scalar(query)


async def waiting_for(session: AsyncSession, organizations: Sequence[int]) -> int:
    """Return how many messages wait for their turn in the groups of these organizations."""
    query = (
        select(func.count())
        .select_from(Delivery)
        .join(StaffGroup, StaffGroup.chat_id == Delivery.chat_id)
        .where(StaffGroup.organization_id.in_(organizations), Delivery.state == DeliveryState.DUE)
    )
    return int(await session.scalar(query) or 0)
