"""How fast messages may leave: per chat and per token, counted for all replicas together (DESIGN 6)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

TOKEN = 0
"""The lane of the token itself."""
TOKEN_EVERY_S = 0.035
AHEAD_S = 0.25
"""How far ahead a claim may take the token's slots."""
PRIVATE_EVERY_S = 1.05
"""One message a second with a burst of three; five hundredths for the way to Telegram being uneven."""
GROUP_EVERY_S = 3.6
GROUP_MINUTE = 18
"""What a group takes in a minute, less two for renamed topics, which leave no delivery."""
BURST = 3
LEASE = timedelta(seconds=30)
"""Longer than any call to Telegram takes."""

EVERY = f"case when {{chat}} < 0 then interval '{GROUP_EVERY_S} s' else interval '{PRIVATE_EVERY_S} s' end"
"""The interval of a chat, as SQL; ``chat`` names the column."""

_TOKEN = text(
    """
    insert into send_lanes (chat_id, next_at) values (0, clock_timestamp())
    on conflict (chat_id) do update set chat_id = 0
    returning extract(epoch from greatest(next_at, coalesce(blocked_until, next_at)) - clock_timestamp())
    """
)
_RELEASE = text(
    f"""
    update send_lanes set lease_until = null, lease_owner = null,
      next_at = greatest(next_at, clock_timestamp() + {EVERY.format(chat="chat_id")})
    where chat_id = :chat and lease_owner = :owner
    returning exists (select from deliveries d where d.chat_id = :chat and d.state = 'due')
    """  # noqa: S608 - constants of this module
)
_BLOCK_TOKEN = text(
    """
    update send_lanes set blocked_until = clock_timestamp() + cast(:wait as interval)
    where chat_id = 0 and (:always or exists (
      select from send_lanes others
      where others.chat_id not in (0, :chat) and others.blocked_until > clock_timestamp()
    ))
    """
)
_BLOCK_LANE = text(
    """
    insert into send_lanes (chat_id, next_at, blocked_until)
    values (:chat, clock_timestamp(), clock_timestamp() + cast(:wait as interval))
    on conflict (chat_id) do update set blocked_until = excluded.blocked_until
    """
)
_MINUTE = text(
    """
    select extract(epoch from d.sent_at + interval '61 s' - clock_timestamp()) as free_in_s,
      case when d.context @> '{"album": true}' then jsonb_array_length(d.context -> 'messages')
           else 1 end as cost
    from deliveries d join send_lanes l on l.chat_id = d.chat_id
    where d.chat_id = :chat and d.sent_at > clock_timestamp() - interval '61 s'
      and l.next_at > clock_timestamp() - interval '61 s'
    order by d.sent_at
    """
)
_MORE = text(
    f"""
    update send_lanes
    set next_at = greatest(next_at, clock_timestamp()) + :more * interval '{GROUP_EVERY_S} s'
    where chat_id = :chat
    """  # noqa: S608 - constants of this module
)


@dataclass(frozen=True, slots=True)
class TokenSlots:
    """How many sends the token allows now, and after how many seconds it allows the next one."""

    count: int
    wait_s: float


async def lock_token(session: AsyncSession) -> TokenSlots:
    """Take the token's row, so that one replica claims at a time, and return what it allows."""
    wait = max(0.0, float(await session.scalar(_TOKEN) or 0))
    count = int((AHEAD_S - wait) / TOKEN_EVERY_S) if wait < AHEAD_S else 0
    return TokenSlots(count, wait if count else wait - AHEAD_S + TOKEN_EVERY_S)


async def release(session: AsyncSession, owner: UUID, chat_id: int) -> bool:
    """Let go of a chat and return whether more waits to be sent there.

    Telegram counts a message when it arrives: at the latest now, however early its slot was.
    """
    return bool(await session.scalar(_RELEASE, {"chat": chat_id, "owner": owner}))


async def block(session: AsyncSession, chat_id: int, wait_s: float) -> None:
    """Honour a ``retry_after``: the chat waits, and the token too when another chat is waiting already.

    Telegram does not say whose limit it was; a second chat refused at the same time means the token's.
    """
    # The token's row first, as a claim takes them.
    given = {"chat": chat_id, "wait": timedelta(seconds=wait_s)}
    await session.execute(_BLOCK_TOKEN, given | {"always": False})
    await hold(session, chat_id, wait_s)


async def room_for_album(session: AsyncSession, chat_id: int, messages: int) -> float:
    """Return in how many seconds a chat takes an album: a group counts each of its messages (WORDS 5)."""
    if chat_id > 0:
        return 0.0
    rows = list(await session.execute(_MINUTE, {"chat": chat_id}))
    over = sum(row.cost for row in rows) + messages - GROUP_MINUTE
    for row in rows:
        if over <= 0:
            break
        over -= row.cost
        if over <= 0:
            return float(row.free_in_s)
    return 0.0


async def took_album(session: AsyncSession, chat_id: int, messages: int) -> None:
    """Count the messages of an album beyond the call that was claimed."""
    if chat_id < 0:
        await session.execute(_MORE, {"chat": chat_id, "more": messages - 1})


async def hold(session: AsyncSession, chat_id: int, wait_s: float) -> None:
    """Send nothing to a chat for a while."""
    await session.execute(_BLOCK_LANE, {"chat": chat_id, "wait": timedelta(seconds=wait_s)})


async def block_token(session: AsyncSession, wait_s: float) -> None:
    """Send nothing at all for a while (the token is refused, Telegram is away)."""
    given = {"chat": TOKEN, "wait": timedelta(seconds=wait_s), "always": True}
    await session.execute(_BLOCK_TOKEN, given)
