"""A task's story as people read it: what is done step by step is one line."""

from collections.abc import Sequence
from itertools import pairwise

from db.queries.stories import EventLine
from domain.assignments import AssignmentMove

_STEP_BY_STEP = frozenset({AssignmentMove.PHOTO, AssignmentMove.CHECK})


def folded(lines: Sequence[EventLine]) -> list[EventLine]:
    """Return the lines without those that the next one repeats: a checklist has as many answers as steps."""
    kept = [line for line, following in pairwise(lines) if not _goes_on(line, following)]
    return [*kept, *lines[-1:]]


def _goes_on(line: EventLine, following: EventLine) -> bool:
    same = (line.action, line.actor_name) == (following.action, following.actor_name)
    return same and line.action in _STEP_BY_STEP
