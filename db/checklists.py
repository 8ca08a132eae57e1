"""Steps and answers of checklists as columns hold them."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind

Stored = list[dict[str, Any]]


def stored(entries: Sequence[ChecklistItem | ChecklistAnswer]) -> Stored:
    """Return steps or answers as JSON."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in dataclasses.asdict(entry).items()
        }
        for entry in entries
    ]


def items_from(column: Stored) -> list[ChecklistItem]:
    """Return the steps of a column."""
    return [ChecklistItem(**entry | {"kind": ItemKind(entry["kind"])}) for entry in column]


def answers_from(column: Stored) -> list[ChecklistAnswer]:
    """Return the answers of a column."""
    return [
        ChecklistAnswer(
            **entry
            | {
                "outcome": CheckOutcome(entry["outcome"]),
                "at": datetime.fromisoformat(entry["at"]) if entry["at"] else None,
            }
        )
        for entry in column
    ]


def described(item: ChecklistItem, answer: ChecklistAnswer, language: str | None) -> str:
    """Return a step and what was found, as a task's description names it."""
    label = item.label_en if language == "en" else item.label_id
    value = "" if answer.number is None else f"{answer.number:g} {item.unit}"
    found = ", ".join(part for part in (value.strip(), answer.text.strip()) if part)
    return f"{label} ({found})" if found else label
