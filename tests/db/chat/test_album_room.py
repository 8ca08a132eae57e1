"""An album in a group: each of its messages counts, before it leaves and after."""

from sqlalchemy import text

from db.chat.rates import GROUP_MINUTE, room_for_album, took_album
from db.session import SYSTEM, Database

GROUP = -100
_SENT = text(
    """
    insert into deliveries (chat_id, context, priority, loudness, delivery_class, state, sent_at)
    values (:chat, cast(:context as jsonb), 2, 'sound', 'alarm', 'sent',
      clock_timestamp() - make_interval(secs => :ago))
    """
)


async def test_an_album_waits_until_the_minute_has_room_for_all_of_it(database: Database) -> None:
    async with database.transaction(SYSTEM) as session:
        await session.execute(
            text("insert into send_lanes (chat_id, next_at) values (-100, clock_timestamp())")
        )
        for ago in (90, 50, 40, 30):
            await session.execute(_SENT, {"chat": GROUP, "context": "{}", "ago": ago})
        album = '{"album": true, "messages": [1, 2, 3, 4, 5, 6, 7, 8]}'
        await session.execute(_SENT, {"chat": GROUP, "context": album, "ago": 20})

        assert await room_for_album(session, GROUP, GROUP_MINUTE - 11) == 0
        two_too_many = await room_for_album(session, GROUP, GROUP_MINUTE - 9)
        assert 20 < two_too_many <= 21  # when that of 40 seconds ago is a minute old
        assert 40 < await room_for_album(session, GROUP, GROUP_MINUTE - 7) <= 41
        assert await room_for_album(session, 100, 10) == 0

        before = await session.scalar(text("select next_at from send_lanes where chat_id = -100"))
        await took_album(session, GROUP, 10)
        after = await session.scalar(text("select next_at from send_lanes where chat_id = -100"))
        assert (after - before).total_seconds() >= 9 * 3.6
