"""Offers, arrivals, checklists and ladders as cards get them."""

import dataclasses
from typing import Any

from db.queries.escalations import EscalationDetail
from db.queries.offers import OfferLine
from domain.arrivals import Arrival, ArrivalMethod, ArrivalOutcome
from domain.chat import Thing
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome, ItemKind
from domain.escalations import EscalationKind, EscalationStatus
from domain.offers import OfferOutcome
from tests.bot.samples.rows import NASTY, NOW


def an_offer(user_id: int, name: str, outcome: OfferOutcome = OfferOutcome.ASKED) -> OfferLine:
    """Return one person who was asked for a task."""
    return OfferLine(user_id, name, 1, NOW, None if outcome == OfferOutcome.ASKED else NOW, outcome)


def an_arrival(**changes: Any) -> Arrival:  # noqa: ANN401 - any field
    """Return how somebody showed that they are at the machine."""
    shown = Arrival(ArrivalMethod.LIVE, ArrivalOutcome.CONFIRMED, NOW, -6.2, 106.8, 12.0, 1240.0)
    return dataclasses.replace(shown, **changes)


CHECKLIST = [
    ChecklistItem("door", "Pintu servis dibersihkan", "Service door cleaned"),
    ChecklistItem("camera", "Kamera <bersih> & terang", "Camera <clean> & bright", critical=True),
    ChecklistItem("voltage", "Tegangan", "Voltage", ItemKind.NUMBER, minimum=11, maximum=13, unit="V"),
    ChecklistItem("remarks", "Temuan", "Findings", ItemKind.TEXT),
    ChecklistItem("plate", "Foto pelat", "Photo of the plate", ItemKind.PHOTO),
]
ANSWERS = [
    ChecklistAnswer("door", CheckOutcome.OK, at=NOW),
    ChecklistAnswer("camera", CheckOutcome.FAILED, at=NOW),
    ChecklistAnswer("voltage", CheckOutcome.FAILED, number=14.5, at=NOW),
    ChecklistAnswer("remarks", CheckOutcome.OK, text=NASTY, at=NOW),
    ChecklistAnswer("plate", CheckOutcome.OK, file_id=3, at=NOW),
]


def a_ladder(**changes: Any) -> EscalationDetail:  # noqa: ANN401 - any column
    """Return a ladder whose second rung was called."""
    ladder = EscalationDetail(
        escalation_id=5,
        organization_id=1,
        owner=Thing.ASSIGNMENT,
        owner_id=12,
        owner_workflow_id="assignment-12",
        kind=EscalationKind.NOT_STARTED,
        status=EscalationStatus.CALLING,
        started_at=NOW,
        reached=2,
        rungs=3,
        called=[2],
        answered_by=None,
        answered_name=None,
        snoozed_until=None,
        ended_at=None,
        version=2,
    )
    return dataclasses.replace(ladder, **changes)
