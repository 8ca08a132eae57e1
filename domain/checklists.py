"""Checklists of a task: what is asked on site, and what was answered (issue of seed 002: task types)."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ItemKind(StrEnum):
    """How a step is answered."""

    TICK = "tick"
    """OK or failed; ticks are answered together in one message."""
    NUMBER = "number"
    TEXT = "text"
    PHOTO = "photo"


class CheckOutcome(StrEnum):
    """What a step came to."""

    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One step as it was when the task began: later changes of the checklist leave it as it is.

    ``code`` is stable within its checklist and short enough for a button. A number outside ``minimum`` and
    ``maximum`` (in ``unit``) fails the step. A failed ``critical`` step asks for a follow-up task.
    """

    code: str
    label_id: str
    label_en: str
    kind: ItemKind = ItemKind.TICK
    critical: bool = False
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """What was answered to a step: the last answer counts."""

    code: str
    outcome: CheckOutcome
    number: float | None = None
    text: str = ""
    file_id: int | None = None
    at: datetime | None = None
    """When it was answered; the workflow fills it."""


def problem_of(items: Sequence[ChecklistItem], answer: ChecklistAnswer) -> str:
    """Return what an answer lacks, ``unknown_step`` or ``missing``; empty when it is fit."""
    item = next((one for one in items if one.code == answer.code), None)
    if item is None:
        return "unknown_step"
    given = {
        ItemKind.TICK: True,
        ItemKind.NUMBER: answer.number is not None and math.isfinite(answer.number),
        ItemKind.TEXT: bool(answer.text.strip()),
        ItemKind.PHOTO: answer.file_id is not None,
    }
    return "" if given[item.kind] else "missing"


def answered(
    items: Sequence[ChecklistItem],
    answers: Sequence[ChecklistAnswer],
    given: Sequence[ChecklistAnswer],
    at: datetime,
) -> list[ChecklistAnswer]:
    """Return all answers after some more, in the order of the steps: the last one to a step counts.

    A number's outcome is what its limits say, whatever was sent with it.
    """
    known = {answer.code: answer for answer in answers}
    kinds = {item.code: item for item in items}
    for answer in given:
        item = kinds[answer.code]
        outcome = answer.outcome
        if item.kind == ItemKind.NUMBER and answer.number is not None:
            outcome = outcome_of(item, answer.number)
        known[answer.code] = dataclasses.replace(answer, outcome=outcome, at=at)
    return [known[item.code] for item in items if item.code in known]


def outcome_of(item: ChecklistItem, number: float) -> CheckOutcome:
    """Return whether a measured number is inside the item's limits."""
    low = item.minimum is not None and number < item.minimum
    high = item.maximum is not None and number > item.maximum
    return CheckOutcome.FAILED if low or high else CheckOutcome.OK


def unanswered(items: Sequence[ChecklistItem], answers: Sequence[ChecklistAnswer]) -> list[ChecklistItem]:
    """Return the steps without an answer, in order."""
    answered = {answer.code for answer in answers}
    return [item for item in items if item.code not in answered]


def failed_critical(
    items: Sequence[ChecklistItem], answers: Sequence[ChecklistAnswer]
) -> list[ChecklistItem]:
    """Return the critical steps whose last answer is a failure, in order."""
    failed = {answer.code for answer in answers if answer.outcome == CheckOutcome.FAILED}
    return [item for item in items if item.critical and item.code in failed]
