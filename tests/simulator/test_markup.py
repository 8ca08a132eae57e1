"""HTML, MarkdownV2 and what Telegram finds by itself, in UTF-16 units."""

import pytest

from siaga.simulator.refusals import RefusalError
from siaga.simulator.text.formatting import detect, format_text, units
from siaga.simulator.text.html import parse_html
from siaga.simulator.text.markdown import parse_markdown
from siaga.simulator.text.nesting import Entity, MarkupError


def spans(text: str, entities: list[Entity]) -> list[tuple[str, str]]:
    """(type, covered text) of each entity."""
    wide = text.encode("utf-16-le")
    return [
        (one["type"], wide[one["offset"] * 2 : (one["offset"] + one["length"]) * 2].decode("utf-16-le"))
        for one in entities
    ]


HTML = {
    "<b>a</b> <strong>b</strong>": [("bold", "a"), ("bold", "b")],
    "👀 <i>miring</i>": [("italic", "miring")],
    "<u>a</u><s>b</s><del>c</del>": [("underline", "a"), ("strikethrough", "b"), ("strikethrough", "c")],
    '<span class="tg-spoiler">r</span><tg-spoiler>s</tg-spoiler>': [("spoiler", "r"), ("spoiler", "s")],
    "<b>a <i>b</i></b>": [("italic", "b"), ("bold", "a b")],
    '<a href="http://siaga.id/x?a=1&amp;b=2">di sini</a>': [("text_link", "di sini")],
    '<a href="http://localhost:8233">lokal</a>': [],
    '<pre><code class="language-python">x</code></pre>': [("pre", "x")],
    "<code>&lt;b&gt; &amp;</code>": [("code", "<b> &")],
    "<blockquote expandable>panjang</blockquote>": [("expandable_blockquote", "panjang")],
    "&#128064; &nbsp; <b></b>": [],
    "<B>BESAR</B>": [("bold", "BESAR")],
}


@pytest.mark.parametrize("source", HTML)
def test_html(source: str) -> None:
    text, entities = parse_html(source)

    assert spans(text, entities) == HTML[source]


MARKDOWN = {
    "*a* _b_ __c__ ~d~ ||e|| `f`": [
        ("bold", "a"),
        ("italic", "b"),
        ("underline", "c"),
        ("strikethrough", "d"),
        ("spoiler", "e"),
        ("code", "f"),
    ],
    "*a _b_*": [("italic", "b"), ("bold", "a b")],
    "👀 [di sini](http://siaga.id/a\\)b)": [("text_link", "di sini")],
    "```python\nx = 1\n```": [("pre", "x = 1\n")],
    "1\\.5 \\*": [],
    ">satu\n>dua\nbiasa": [("blockquote", "satu\ndua")],
    ">satu\n>dua||": [("expandable_blockquote", "satu\ndua")],
    "`a.b-c`": [("code", "a.b-c")],
}


@pytest.mark.parametrize("source", MARKDOWN)
def test_markdown(source: str) -> None:
    text, entities = parse_markdown(source)

    assert spans(text, entities) == MARKDOWN[source]


BROKEN_HTML = {
    "<b>a": 'Can\'t find end tag corresponding to start tag "b"',
    "a</b>": "Unexpected end tag at byte offset 1",
    "<b>a</b": "Unclosed end tag at byte offset 4",
    "<a href": "Unclosed start tag at byte offset 0",
    '<a ="x">y</a>': 'Empty attribute name in the tag "a" at byte offset 3',
    "<span>a</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    "<div>a</div>": 'Unsupported start tag "div" at byte offset 0',
}


@pytest.mark.parametrize("source", BROKEN_HTML)
def test_broken_html(source: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse_html(source)

    assert str(refused.value) == BROKEN_HTML[source]


BROKEN_MARKDOWN = {
    "a_b": "Can't find end of Italic entity at byte offset 1",
    "a|b": "Character '|' is reserved and must be escaped with the preceding '\\'",
    "Tugas #4": "Character '#' is reserved and must be escaped with the preceding '\\'",
    "[a](http://x": "Can't find end of a URL at byte offset 4",
    "```a": "Can't find end of Pre entity at byte offset 0",
}


@pytest.mark.parametrize("source", BROKEN_MARKDOWN)
def test_broken_markdown(source: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse_markdown(source)

    assert str(refused.value) == BROKEN_MARKDOWN[source]


def test_what_telegram_finds_by_itself() -> None:
    text = (
        "👀 /tugas@siaga_sim_bot @budi_s a@b.co.id siaga.id https://x.id/a?b. +62 812-3456-7890 #mesin7 1/2"
    )

    assert spans(text, detect(text)) == [
        ("bot_command", "/tugas@siaga_sim_bot"),
        ("mention", "@budi_s"),
        ("email", "a@b.co.id"),
        ("url", "siaga.id"),
        ("url", "https://x.id/a?b"),
        ("phone_number", "+62 812-3456-7890"),
        ("hashtag", "#mesin7"),
    ]


def test_nothing_is_found_inside_code() -> None:
    text, entities = format_text("<code>/tugas</code> /bantuan", "HTML", None, {})

    assert spans(text, entities) == [("code", "/tugas"), ("bot_command", "/bantuan")]


def test_mention_by_id_needs_a_known_user() -> None:
    source = '<a href="tg://user?id=7">Ana</a> <a href="tg://user?id=8">Budi</a>'
    ana = {"id": 7, "is_bot": False, "first_name": "Ana"}

    text, entities = format_text(source, "HTML", None, {7: ana})

    assert spans(text, entities) == [("text_mention", "Ana")]
    assert entities[0]["user"] == ana


def test_white_space_at_the_ends_goes_and_entities_move_along() -> None:
    text, entities = format_text("\n\n<b> a </b>\n", "HTML", None, {})

    assert (text, spans(text, entities)) == ("a", [("bold", "a")])


def test_legacy_markdown_is_refused_strictly() -> None:
    with pytest.raises(RefusalError) as refused:
        format_text("*a*", "Markdown", None, {})

    assert refused.value.description.startswith("SIM-STRICT: ")


def test_units_are_utf_16() -> None:
    assert units("a👀é") == 4
