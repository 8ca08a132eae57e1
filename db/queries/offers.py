"""Whom tasks were offered to, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from db.models.assignments import AssignmentOffer, TechnicianAssignment
from db.models.core import User
from domain.offers import OfferOutcome


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One person asked for a task in one round, and what became of it."""

    user_id: int
    name: str
    offer_no: int
    offered_at: datetime
    answered_at: datetime | None
    outcome: OfferOutcome


_ASKED = aliased(User)
# As one column, so that a list of tasks with whom they were offered to stays one statement.
OFFERS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(
                    AssignmentOffer.user_id,
                    _ASKED.name,
                    AssignmentOffer.offer_no,
                    AssignmentOffer.offered_at,
                    AssignmentOffer.answered_at,
                    AssignmentOffer.outcome,
                ),
                AssignmentOffer.id,
            )
        )
    )
    .join(_ASKED, _ASKED.id == AssignmentOffer.user_id)
    .where(AssignmentOffer.assignment_id == TechnicianAssignment.id)
    .scalar_subquery()
)


def offer_lines(column: list[list[Any]] | None) -> list[OfferLine]:
    """Return what the column ``OFFERS`` of one task holds."""
    return [
        OfferLine(
            user_id,
            name,
            offer_no,
            datetime.fromisoformat(offered_at),
            datetime.fromisoformat(answered_at) if answered_at else None,
            OfferOutcome(outcome),
        )
        for user_id, name, offer_no, offered_at, answered_at, outcome in column or ()
    ]


def is_asked(user_id: int) -> ColumnElement[bool]:
    """Return the condition that a person may accept the task of a row now."""
    return exists().where(
        AssignmentOffer.assignment_id == TechnicianAssignment.id,
        AssignmentOffer.user_id == user_id,
        AssignmentOffer.outcome == OfferOutcome.ASKED,
    )
