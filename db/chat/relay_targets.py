"""Where a relay goes: to the pharmacy's people who read the ticket, or into the staff's group."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.deliveries import record_undeliverable, telegram_of
from db.queries.settings import setting
from db.queries.staff_groups import group_of
from db.queries.ticket_watchers import watchers
from domain.relays import RelayDirection
from domain.staff_groups import GroupProblem
from domain.ticket_records import TicketRecord
from domain.tickets import TicketMove

TEMPLATES = {
    RelayDirection.TO_STAFF: "relays/to_staff",
    RelayDirection.TO_CUSTOMER: "relays/to_customer",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A chat that a relay goes to; ``user_id`` None: the staff's group."""

    chat_id: int
    user_id: int | None
    waits: bool = False
    """The bot is out of the group: the row is kept and sent when it is let in again."""
    hold_s: float = 0.0
    """For so long it can be edited or withdrawn before it leaves (WORDS 5)."""
    takes_albums: bool = True
    """An album cannot reply: where a ticket hangs below its card, its pictures do so one by one."""


async def customers(session: AsyncSession, record: TicketRecord) -> list[Target]:
    """Return who of the pharmacy reads it; who cannot be written to is recorded."""
    found = []
    # What was typed in the group can be a slip; what was confirmed or came from elsewhere is not held.
    typed = record.move == TicketMove.COMMENT and bool(record.origin_message_ids)
    hold_s = await setting(session, record.row.organization_id, "ticket_hold_s") if typed else 0.0
    for user_id in await watchers(session, record.row.ticket_id):
        account = await telegram_of(session, user_id)
        if account is not None and not account.blocked:
            found.append(Target(account.telegram_id, user_id, hold_s=hold_s))
            continue
        await record_undeliverable(
            session,
            user_id,
            source=record.source,
            template=TEMPLATES[RelayDirection.TO_CUSTOMER],
            reason="blocked" if account else "not_linked",
        )
    return found


async def staff(session: AsyncSession, record: TicketRecord) -> list[Target]:
    """Return the group of the helpdesk, if one is linked."""
    group = await group_of(session, record.row.organization_id)
    if group is None:
        return []
    gone = group.problem == GroupProblem.REMOVED
    return [Target(group.chat_id, None, waits=gone, takes_albums=group.has_topics)]
