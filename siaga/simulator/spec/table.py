"""The committed table of the Bot API; `generate.py` writes it and explains its notation."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table() -> dict[str, Any]:
    """The whole table: `bot_api` (its version), `methods`, `types`."""
    text = Path(__file__).with_name("bot_api.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def served() -> dict[str, str]:
    """The methods of the table: lower-case name → Bot API name."""
    return {name.lower(): name for name in table()["methods"]}
