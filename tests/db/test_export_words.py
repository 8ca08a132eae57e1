"""The words of exports: complete in both languages, and the same as in chat."""

from typing import Any

import pytest

from bot.render import LANGUAGES, Audience, Renderer
from db.papers.exports import COLUMNS, TIMES, Export, Reader, headings, words
from domain.arrivals import ArrivalMethod, ArrivalOutcome

SHARED = ("task_type", "priority", "assignment_status", "machine_status", "connection", "onboarding_step")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_heading_and_every_code_the_word_of_the_chat(language: str) -> None:
    reader = Reader(language, "Asia/Jakarta")
    for export in Export:
        shown = headings(export, reader)
        assert len(shown) == len(set(shown)) == len(COLUMNS[export])
        assert words(language)["sheet"][export]
    for table in SHARED:
        for code, word in words(language)[table].items():
            assert Renderer().words(table, code, Audience(language, "Asia/Jakarta")) == word
    known: dict[str, Any] = words(language)
    assert set(known["arrival_method"]) == set(ArrivalMethod)
    assert set(known["arrival_outcome"]) == set(ArrivalOutcome)
    assert {name for columns in COLUMNS.values() for name in columns} >= TIMES
