"""Variables of the cards."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from db.queries.assignments import AssignmentDetail
from domain.assignments import AssignmentStatus, TaskType
from domain.escalations import EscalationKind, EscalationStatus
from domain.machines import Connection
from domain.onboarding import OnboardingStep
from tests.bot.samples.rows import (
    CODES,
    MACHINE_STORY,
    NASTY,
    NOW,
    TASK_STORY,
    Words,
    a_ladder,
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
    yield from _others()


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


def _others() -> Iterator[tuple[str, Words]]:
    yield "cards/assignment_gone", {"thing": a_task(machine_name=NASTY)}
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
            {"thing": machine, "tasks": [a_task()], "story": MACHINE_STORY, "workflow_id": "machine-1"},
        )
    yield (
        "cards/machine",
        {"thing": a_machine(name=NASTY), "tasks": [], "story": [], "workflow_id": "machine-1"},
    )
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


def an_assignment_card(task: AssignmentDetail, **words: Any) -> Words:  # noqa: ANN401 - any column
    known: Words = {"mine": False, "manages": False, "machine": None, "code": None}
    return {"thing": task, "story": TASK_STORY, "workflow_id": "assignment-12", **known, **words}
