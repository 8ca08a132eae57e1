"""Typed words: what each asks for, in either language, however it is typed."""

import pytest

from bot.render import LANGUAGES, Audience, Renderer
from bot.spoken import Spoken, Tag, Verb, read, read_caption

KEYS = {"start": Verb.START, "pin": Verb.PIN, "complete": Verb.COMPLETE, "problem": Verb.PROBLEM}
"""Keys of the reply keyboard that send words; the one that sends the position sends none."""


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("terima", Spoken(Verb.ACCEPT)),
        ("Saya  terima!", Spoken(Verb.ACCEPT)),
        ("TERIMA #12", Spoken(Verb.ACCEPT, 12)),
        ("accept 12", Spoken(Verb.ACCEPT, 12)),
        ("Tolak", Spoken(Verb.DECLINE)),
        ("tolak, ban bocor", Spoken(Verb.DECLINE, None, "ban bocor")),
        ("decline #7 I am ill", Spoken(Verb.DECLINE, 7, "I am ill")),
        ("▶️ Mulai", Spoken(Verb.START)),
        ("mulai kerja.", Spoken(Verb.START)),
        ("Start work 3", Spoken(Verb.START, 3)),
        ("sudah sampai 👍", Spoken(Verb.START)),
        ("semua ok", Spoken(Verb.ALL_OK)),
        ("✅ All OK!", Spoken(Verb.ALL_OK)),
        ("Semua  Oke 👌", Spoken(Verb.ALL_OK)),
        ("selesai", Spoken(Verb.COMPLETE)),
        ("✅ Selesai", Spoken(Verb.COMPLETE)),
        ("Selesai. Semua beres", Spoken(Verb.COMPLETE, None, "Semua beres")),
        ("selesai #12: engsel diganti, 3 baut", Spoken(Verb.COMPLETE, 12, "engsel diganti, 3 baut")),
        ("selesai 3 baut diganti", Spoken(Verb.COMPLETE, None, "3 baut diganti")),
        ("DONE - replaced the hinge", Spoken(Verb.COMPLETE, None, "replaced the hinge")),
        ("batalkan selesai", Spoken(Verb.UNDO)),
        ("undo 12", Spoken(Verb.UNDO, 12)),
        ("tunda besok 9", Spoken(Verb.POSTPONE, None, "besok 9")),
        ("Postpone: tomorrow 14:30", Spoken(Verb.POSTPONE, None, "tomorrow 14:30")),
        ("kembalikan", Spoken(Verb.HAND_BACK)),
        ("hand back, part missing", Spoken(Verb.HAND_BACK, None, "part missing")),
        ("🔑 PIN", Spoken(Verb.PIN)),
        ("minta pin?", None),
        ("pin #4", Spoken(Verb.PIN, 4)),
        ("⚠️ Masalah", Spoken(Verb.PROBLEM)),
        ("masalah pintu macet", Spoken(Verb.PROBLEM, None, "pintu macet")),
        ("report a problem", Spoken(Verb.PROBLEM)),
        # Talk, not orders.
        ("terima kasih", None),
        ("Terima kasih, Pak!", None),
        ("mulai besok saya cuti", None),
        ("start button is broken", None),
        ("selesai?", None),
        ("pinjam tangga", None),
        ("selesainya kapan", None),
        ("done's", None),
        ("semua ok kecuali kamera", None),
        ("sudah beres", None),
        ("", None),
        ("👍", None),
        ("#12", None),
        ("12", None),
    ],
)
def test_a_word_says_the_move(text: str, asks: Spoken | None) -> None:
    assert read(text) == asks


@pytest.mark.parametrize(
    ("caption", "tag", "asks"),
    [
        ("sebelum", Tag.BEFORE, None),
        ("Before:", Tag.BEFORE, None),
        ("📷 SESUDAH dilap", Tag.AFTER, None),
        ("setelah. Selesai, engsel baru", Tag.AFTER, Spoken(Verb.COMPLETE, None, "engsel baru")),
        ("after done", Tag.AFTER, Spoken(Verb.COMPLETE)),
        ("selesai, sudah dilap", None, Spoken(Verb.COMPLETE, None, "sudah dilap")),
        ("sebelumnya macet", None, None),
        ("pintu", None, None),
        ("", None, None),
    ],
)
def test_a_caption_says_what_a_photo_shows(caption: str, tag: Tag | None, asks: Spoken | None) -> None:
    read_one = read_caption(caption)

    assert (read_one.tag, read_one.asks) == (tag, asks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_sends_a_word_that_is_read(language: str, key: str) -> None:
    label = Renderer().words("keyboard", key, Audience(language, "Asia/Jakarta"))

    assert read(label) == Spoken(KEYS[key])
