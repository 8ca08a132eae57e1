"""An album in a group: each of its messages counts, before it leaves and after."""

from sqlalchemy import text

from db.chat.rates import GROUP_CALLS, GROUP_MINUTE_S, room_for_album, took_album
from db.session import SYSTEM, Database

GROUP = -100
_SENT = text(
    """
    insert into deliveries (chat_id, priority, loudness, delivery_class, state, sent_at)
    values (:chat, 2, 'sound', 'alarm', 'sent', clock_timestamp() - make_interval(secs => :ago))
    """
)


async def test_an_album_waits_until_the_minute_has_room_for_all_of_it(database: Database) -> None:
    async with database.transaction(SYSTEM) as session:
        for ago in (90, 50, 40, 30):
            await session.execute(_SENT, {"chat": GROUP, "ago": ago})
        await session.execute(_SENT, {"chat": GROUP, "ago": 20})
        await took_album(session, GROUP, 8)  # the one of 20 s ago, whose others are counted now

        in_the_last_minute = 3 + 8
        fits = GROUP_CALLS - in_the_last_minute
        assert await room_for_album(session, GROUP, fits) == 0
        assert 0 < await room_for_album(session, GROUP, fits + 1) <= GROUP_MINUTE_S - 50
        assert GROUP_MINUTE_S - 50 < await room_for_album(session, GROUP, fits + 2) <= GROUP_MINUTE_S - 40
        assert await room_for_album(session, 100, 10) == 0
