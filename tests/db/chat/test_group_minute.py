"""A group's minute: all of it may be used at once, and its last places are for people's words."""

from db.chat import rates
from db.chat.cards import place_card, queue_card
from db.session import SYSTEM, Database
from domain.chat import Loudness, SendPriority, Thing
from tests.db.chat.test_outbox import claim, reply, rows

GROUP = -1


async def calls_and_an_edit(database: Database, card: int, many: int) -> None:
    """Let so many calls have left just now, and the card wait to be edited."""
    async with database.transaction(SYSTEM) as session:
        await rates.note_calls(session, GROUP, "editForumTopic", many)
        await queue_card(
            session,
            card,
            loudness=Loudness.EDIT,
            source=None,
            priority=SendPriority.CARD,
        )


async def test_a_group_takes_its_minute_at_once_and_keeps_the_last_calls_for_words(readers: Database) -> None:
    async with readers.transaction(SYSTEM) as session:
        card = await place_card(session, Thing.MACHINE, 1, GROUP, user_id=None)

    await calls_and_an_edit(readers, card, rates.GROUP_EDITS)
    edits = await claim(readers)
    await reply(readers, GROUP, "words")
    words = await claim(readers)
    await rows(readers, "update send_lanes set lease_until = null, next_at = now() returning chat_id")
    await calls_and_an_edit(readers, card, rates.GROUP_CALLS - rates.GROUP_EDITS)
    await reply(readers, GROUP, "more words")
    full = await claim(readers)
    await rows(readers, "update deliveries set sent_at = sent_at - interval '58 s' returning id")
    soon = await claim(readers)
    await rows(readers, "update deliveries set sent_at = sent_at - interval '3 s' returning id")
    after = await claim(readers)

    assert [len(one.due) for one in (edits, words, full, soon, after)] == [0, 1, 0, 0, 1]
    assert 0 < (soon.next_in_s or 0) < 3 < (full.next_in_s or 0) <= rates.GROUP_MINUTE_S
    assert (after.due[0].content or {})["text"] == "more words"
