"""State machines as tables: ``(from, move) -> to, who may``.

Validators, keyboards, the API and the documentation read the same table, so a button is shown exactly
when its tap would be accepted (DESIGN 4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from domain.errors import NotPossibleNow
from domain.roles import Permission

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """One row of a state machine: where it leads and the permission it asks for (None: no person does it)."""

    to: S
    who: Permission | None


@dataclass(frozen=True, slots=True)
class StateMachine(Generic[S, M]):
    """The rows of one state machine and the look-ups everyone shares."""

    noun: str
    rows: Mapping[tuple[S, M], Move[S]]

    def target(self, state: S, move: M) -> S:
        """Return the status the move leads to.

        Raises:
            NotPossibleNow: the table has no such row.
        """
        row = self.rows.get((state, move))
        if row is None:
            raise NotPossibleNow(noun=self.noun, status=state.value, move=move.value)
        return row.to

    def permission(self, state: S, move: M) -> Permission | None:
        """Return the permission the move asks for; raises like ``target``."""
        self.target(state, move)
        return self.rows[state, move].who

    def moves_from(self, state: S) -> tuple[M, ...]:
        """Return the moves the table allows from a status, in the order of the table."""
        return tuple(move for (start, move) in self.rows if start == state)

    def leads_to(self, target: S) -> tuple[tuple[S, M], ...]:
        """Return every (status, move) that ends in ``target``: how the API turns a PUT status into a verb."""
        return tuple(key for key, row in self.rows.items() if row.to == target)


def from_each(states: Iterable[S], move: M, to: S, who: Permission | None) -> dict[tuple[S, M], Move[S]]:
    """Return the rows of a move that several states allow and that leads to one state."""
    return {(state, move): Move(to, who) for state in states}
