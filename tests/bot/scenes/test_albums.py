"""Pictures between customer and staff: an album arrives as an album, a question brings its own along."""

from typing import Any

from siaga.simulator.person import Person, labels, text_of
from tests.bot.scenes.test_relays import talk
from tests.bot.scenes.world import World, jpeg

COLORS = ("red", "green", "blue", "navy", "teal", "olive", "gray", "black", "white", "purple")


async def albums(person: Person, chat: int) -> list[list[dict[str, Any]]]:
    """Return the albums that the bot has sent into a chat, each in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in await person.messages(chat):
        if one["from"]["is_bot"] and "media_group_id" in one:
            found.setdefault(one["media_group_id"], []).append(one)
    return list(found.values())


async def test_an_album_is_one_album_on_the_other_side_and_each_picture_has_its_twin(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat

    sent = await sari.photo(*(jpeg(color) for color in COLORS), caption="semua layar")
    await rina.wait_for(lambda one: "Sari · Apotek Sehat Sentosa\nsemua layar" in text_of(one), chat=chat)
    [album] = await albums(rina, chat)
    assert (len(album), {one["message_thread_id"] for one in album}) == (10, {held.topic})
    twins = await world.rows("select from_message_id, to_message_id from ticket_messages order by id")
    assert [(row.from_message_id, row.to_message_id) for row in twins] == [
        (mine["message_id"], twin["message_id"]) for mine, twin in zip(sent, album, strict=True)
    ]

    await rina.send("Yang ini kenapa?", chat=chat, thread=held.topic, reply_to=album[3]["message_id"])
    answer = await sari.wait_for("Rina · Pharmadesk\nYang ini kenapa?")
    assert answer["reply_to_message"]["message_id"] == sent[3]["message_id"]

    await rina.photo(
        jpeg("red"),
        jpeg("blue"),
        caption="begini",
        chat=chat,
        thread=held.topic,
        reply_to=album[0]["message_id"],
    )
    await sari.wait_for(lambda one: text_of(one) == "Rina · Pharmadesk\nbegini")
    assert [len(one) for one in await albums(sari, sari.id)] == [2]


async def test_a_question_brings_its_picture_along_and_needs_words(world: World) -> None:
    held = await talk(world)
    rina, sari, chat = held.rina, held.sari, held.chat

    taken = await rina.wait_for(lambda one: "Tanya pelanggan" in labels(one), chat=chat)
    await rina.tap("Tanya pelanggan", taken)
    await rina.wait_for("Tulis pertanyaan", chat=chat)
    await rina.photo(jpeg("red"), chat=chat, thread=held.topic)
    await rina.wait_for("Tulis jawabannya sebagai teks", chat=chat)
    await rina.photo(jpeg("blue"), caption="Lampu yang mana menyala?", chat=chat, thread=held.topic)
    await sari.wait_for("Lampu yang mana menyala?")
    shown = await sari.wait_for(lambda one: "photo" in one)
    assert text_of(shown) == "Rina · Pharmadesk"
    await world.settled()
    assert len([one for one in await sari.messages() if "photo" in one]) == 1
