"""Variables of the cards."""

import dataclasses
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from bot.cards.checklist import steps_of
from bot.spoken import Tag
from db.queries.assignments import AssignmentDetail
from db.queries.pins import Opening
from domain.arrivals import ArrivalMethod
from domain.assignments import AssignmentStatus, TaskType
from domain.escalations import EscalationKind, EscalationStatus
from domain.machines import Connection
from domain.offers import OfferOutcome
from domain.onboarding import OnboardingStep
from domain.pins import PinOutcome
from domain.problems import ProblemKind, ProblemStatus
from tests.bot.samples.field_work import ANSWERS, CHECKLIST, a_ladder, an_arrival, an_offer
from tests.bot.samples.problems import a_problem, a_report_line
from tests.bot.samples.rows import (
    CODES,
    MACHINE_STORY,
    NASTY,
    NOW,
    TASK_STORY,
    Words,
    a_line,
    a_machine,
    a_task,
    an_invite,
    checks,
)


def cards() -> Iterator[tuple[str, Words]]:
    """Return the cards' variables."""
    yield from _tasks()
    yield from _onboardings()
    yield from _machines()
    yield from _others()
    yield from _problems()
    yield from _ladders()
    yield from _field_work()


def _tasks() -> Iterator[tuple[str, Words]]:
    for status in AssignmentStatus:
        for mine, manages in ((True, False), (False, True), (True, True)):
            task = a_task(
                status=status, description=NASTY, completion_notes=NASTY, photos=[1] if mine else []
            )
            yield "cards/assignment", an_assignment_card(task, mine=mine, manages=manages)
    yield (
        "cards/assignment",
        an_assignment_card(a_task(assigned_to=None, assigned_to_name=None), manages=True),
    )


def _onboardings() -> Iterator[tuple[str, Words]]:
    for step in OnboardingStep:
        for code in CODES:
            machine = a_machine(
                onboarding_step=step,
                hardware_id=None if code else "jetson-1",
                self_test=checks("disk_low" if step == OnboardingStep.TEST_FAILED else "")
                if not code
                else None,
            )
            held = a_task(task_type=TaskType.INSTALLATION, status=AssignmentStatus.IN_PROGRESS)
            yield "cards/assignment", an_assignment_card(held, mine=True, machine=machine, code=code)
            words = {
                "thing": machine,
                "code": code,
                "installation": held if code else None,
                "workflow_id": "onboarding-1",
            }
            yield "cards/onboarding", words
    waits = a_machine(conflict={"kind": "other_hardware"}, key_shown_at=NOW, address=None, serial_number=None)
    yield (
        "cards/onboarding",
        {"thing": waits, "code": None, "installation": None, "workflow_id": "onboarding-1"},
    )


def _machines() -> Iterator[tuple[str, Words]]:
    for connection in Connection:
        since = None if connection == Connection.WAITING else NOW
        machine = a_machine(
            connection=connection,
            connection_since=since,
            last_heartbeat=since,
            hardware_id="j",
            unstable=True,
        )
        yield (
            "cards/machine",
            {
                "thing": machine,
                "tasks": [a_task()],
                "opening": Opening(NOW, NASTY, 7, PinOutcome.OPENED),
                "story": MACHINE_STORY,
                "workflow_id": "machine-1",
            },
        )
    yield (
        "cards/machine",
        {
            "thing": a_machine(name=NASTY),
            "tasks": [],
            "opening": Opening(NOW, None, 42, PinOutcome.UNEXPECTED),
            "story": [],
            "workflow_id": "machine-1",
        },
    )


def _others() -> Iterator[tuple[str, Words]]:
    for kind in ("hardware_elsewhere", "other_hardware"):
        conflict = {"kind": kind, "hardware_id": "jetson-2", "with": NASTY, "at": NOW.isoformat()}
        yield "cards/handshake", {"thing": a_machine(conflict=conflict), "conflict": conflict, "answer": None}
    yield "cards/handshake", {"thing": a_machine(), "conflict": None, "answer": a_line("refuse")}
    for invite in (
        an_invite(),
        an_invite(opened_at=None),
        an_invite(refused_at=NOW),
        an_invite(confirmed_at=NOW),
    ):
        yield "cards/invite", {"thing": invite}


def _problems() -> Iterator[tuple[str, Words]]:
    for stands in ProblemStatus:
        for lines in (
            [a_report_line()],
            [a_report_line(), a_report_line(kind=ProblemKind.OTHER, contact="")],
        ):
            for tasks in ([], [a_task(assigned_to_name=None)]):
                problem = a_problem(status=stands, lines=lines, reason=NASTY, assignment_id=12)
                yield "cards/problem", {"thing": problem, "tasks": tasks}


def _ladders() -> Iterator[tuple[str, Words]]:
    for status in EscalationStatus:
        for kind in EscalationKind:
            ladder = a_ladder(status=status, kind=kind, answered_name=NASTY, snoozed_until=NOW)
            nobody = a_task(assigned_to=None, assigned_to_name=None, machine_name=NASTY)
            yield "cards/escalation", {"thing": ladder, "task": a_task(), "may_answer": True}
            yield "cards/escalation", {"thing": ladder, "task": nobody, "may_answer": False}
    for resolved_at in (None, NOW):
        row = SimpleNamespace(workflow_id="assignment-12", resolved_at=resolved_at)
        yield "cards/lost_run", {"thing": row, "task": a_task(), "machine": None}
        yield "cards/lost_run", {"thing": row, "task": None, "machine": a_machine()}
        yield "cards/lost_run", {"thing": row, "task": None, "machine": None}


def _field_work() -> Iterator[tuple[str, Words]]:
    """Return what the cards of offers to several, arrivals and checklists show."""
    asked = [an_offer(4, "Budi"), an_offer(5, NASTY), an_offer(6, "Sari")]
    for offers in (asked, asked[:2]):
        task = a_task(assigned_to=None, assigned_to_name=None, offers=offers)
        yield "cards/assignment", an_assignment_card(task, mine=True)
        yield "cards/assignment", an_assignment_card(task, manages=True)
    for arrival in (an_arrival(), an_arrival(method=ArrivalMethod.NONE, distance_m=None, reason=NASTY)):
        running = a_task(status=AssignmentStatus.IN_PROGRESS, arrival=arrival, parent_assignment_id=7)
        yield "cards/assignment", an_assignment_card(running, manages=True)
    tags = {Tag.BEFORE: 2, Tag.AFTER: 1}
    for status in (AssignmentStatus.IN_PROGRESS, AssignmentStatus.COMPLETED):
        task = a_task(
            status=status, photos=[1, 2, 3], checklist=CHECKLIST, answers=ANSWERS[:2], undo_until=NOW
        )
        for mine in (True, False):
            card = an_assignment_card(task, mine=mine, manages=not mine, tags=tags, undo=True)
            yield "cards/assignment", card
        for answers in ([], ANSWERS[:2], ANSWERS):
            checked = dataclasses.replace(task, answers=answers)
            words: Words = {"steps": steps_of(checked, "id"), "answered": len(answers)}
            yield "cards/checklist", {"thing": checked, **words, "critical": len(answers) > 2}
    for outcome in (*OfferOutcome, None):
        yield "cards/assignment_gone", {"thing": a_task(machine_name=NASTY), "offer": outcome}


def an_assignment_card(task: AssignmentDetail, **words: Any) -> Words:  # noqa: ANN401 - any column
    known: Words = {"mine": False, "manages": False, "machine": None, "code": None, "tags": {}, "undo": False}
    return {"thing": task, "story": TASK_STORY, "workflow_id": "assignment-12", **known, **words}
