"""Cutting HTML for Telegram."""

import pytest

from bot.html_text import first_line, fit, length, shorten


def test_a_short_text_stays_as_it_is() -> None:
    assert fit("<b>a</b> &amp; b") == "<b>a</b> &amp; b"


@pytest.mark.parametrize(
    "text",
    [
        "<b>" + "x" * 5000 + "</b>",
        "<b><i>" + "&lt;" * 5000 + "</i></b>",
        "😀" * 3000,
        "a<b>b</b>" * 3000,
        '<a href="https://example.org/?a=1&amp;b=2">' + "y" * 5000 + "</a> behind",
    ],
)
def test_a_long_text_is_cut_with_an_ellipsis_and_every_tag_closed(text: str) -> None:
    cut = fit(text, 4096)

    assert 4000 < length(cut) <= 4096
    assert "…" in cut
    for tag in ("b", "i", "a"):
        assert cut.count(f"<{tag}>") + cut.count(f"<{tag} ") == cut.count(f"</{tag}>")


def test_an_entity_is_never_cut_in_two() -> None:
    assert fit("abc&amp;&amp;&amp;def", 5) == "abc&amp;…"


def test_the_first_line_closes_what_it_opened() -> None:
    assert first_line("<b>Task 42\nat the mall</b>") == "<b>Task 42</b>"
    assert first_line("\n<b>Task</b> 42\nrest") == "<b>Task</b> 42"


def test_names_are_shortened() -> None:
    assert shorten("a long name", 7) == "a long…"
    assert shorten("short", 7) == "short"
