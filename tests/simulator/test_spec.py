"""The committed table is what the generator makes."""

import importlib

from siaga.simulator.spec.table import served, table


def test_the_table_is_up_to_date() -> None:
    """The generator needs aiogram, which takes seconds to import: only the worker of this test pays."""
    generate = importlib.import_module("siaga.simulator.spec.generate")

    assert generate.TABLE.read_text(encoding="utf-8") == generate.table_text()


def test_the_table_speaks_bot_api_10() -> None:
    assert table()["bot_api"] == "10.0"
    assert served()["sendmessage"] == "sendMessage"
    assert "style" in table()["types"]["InlineKeyboardButton"]
    assert "reply_to_message_id" not in table()["methods"]["sendMessage"]
