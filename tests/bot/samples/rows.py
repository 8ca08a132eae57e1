"""Rows as cards, notices and replies get them; what a test is about is changed by keyword."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bot.cards.assignment import SetupCode
from bot.dialogs.fields import Place
from db.queries.assignments import AssignmentDetail
from db.queries.invites import InviteDetail
from db.queries.machines import MachineDetail
from db.queries.offers import OfferLine
from db.queries.people import PersonRow
from db.queries.stories import EventLine
from db.queries.team import DutyNow
from domain.assignments import (
    AssignmentMove,
    AssignmentStatus,
    DeclineReason,
    HandBackReason,
    PostponeReason,
    TaskType,
)
from domain.checklists import ChecklistAnswer, ChecklistItem, CheckOutcome
from domain.duty import Duty
from domain.escalations import Audience as Called
from domain.escalations import EscalationKind
from domain.machines import Connection, MachineStatus
from domain.offers import OfferMode, OfferOutcome
from domain.onboarding import OnboardingStep
from domain.people import Membership, Person
from domain.priorities import Priority
from domain.roles import Role

Words = dict[str, Any]

NOW = datetime.now(UTC)
UUID_ = UUID("c2f50621-2517-551b-9f46-493330a9a2c0")
NASTY = "Sari <b>&amp; 🔧</b> " + "panjang " * 400
"""What people type: markup, entities, emoji, and far too much of it."""


STEPS = [ChecklistItem("power", "Kabel daya aman", "Power cable is safe", critical=True)]
OK = ChecklistAnswer("power", CheckOutcome.OK)


def checks(failing: str = "") -> Words:
    """Return a self-test report as the machine's row holds it."""
    found = [
        {"name": "camera", "result": "ok", "code": "", "figures": {"width_px": 640.0}},
        {"name": "detector", "result": "skipped", "code": "opencv_missing", "figures": {}},
        {
            "name": "disk",
            "result": "failed" if failing else "ok",
            "code": failing,
            "figures": {"free_gib": 0.4},
        },
        {"name": "clock", "result": "ok", "code": "", "figures": {"offset_s": 0.2}},
    ]
    return {"checks": found, "finished_at": NOW.isoformat(), "frame_file": None}


def a_task(**changes: Any) -> AssignmentDetail:  # noqa: ANN401 - any column
    """Return an assignment."""
    task = AssignmentDetail(
        assignment_id=12,
        organization_id=1,
        status=AssignmentStatus.PENDING,
        task_type=TaskType.REPAIR,
        priority=Priority.URGENT,
        assigned_by=2,
        assigned_by_name="Admin",
        assigned_to=4,
        assigned_to_name="Budi",
        machine_id=3,
        machine_uuid=UUID_,
        machine_name="RVM Blok M Plaza",
        machine_address="Jl. Bulungan No. 76",
        machine_time_zone="Asia/Makassar",
        latitude=-6.2,
        longitude=106.8,
        machine_self_test=None,
        machine_onboarding_step=OnboardingStep.COMMISSIONED,
        scheduled_date=NOW + timedelta(days=1),
        expected_minutes=120,
        arrival_radius_m=None,
        parent_assignment_id=None,
        offer_mode=OfferMode.ONE,
        offer_due_at=NOW + timedelta(minutes=5),
        offers=[],
        accepted_at=None,
        started_at=NOW,
        completed_at=NOW,
        cancelled_at=NOW,
        undo_until=None,
        settled_at=None,
        arrival=None,
        checklist=[],
        answers=[],
        description="",
        completion_notes=None,
        photos=[],
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    task = dataclasses.replace(task, **changes)
    if task.status == AssignmentStatus.PENDING and task.assigned_to is not None and "offers" not in changes:
        name = task.assigned_to_name or "Budi"
        asked = OfferLine(task.assigned_to, name, 1, NOW, None, OfferOutcome.ASKED)
        task = dataclasses.replace(task, offers=[asked])
    return task


def a_machine(**changes: Any) -> MachineDetail:  # noqa: ANN401 - any column
    """Return a machine."""
    machine = MachineDetail(
        machine_id=3,
        uuid=UUID_,
        organization_id=1,
        name="RVM Blok M Plaza",
        latitude=-6.2,
        longitude=106.8,
        address="Jl. Bulungan No. 76",
        serial_number="RVM-JKT-003",
        capacity=1400,
        time_zone="Asia/Jakarta",
        status=MachineStatus.INACTIVE,
        connection=Connection.WAITING,
        connection_since=None,
        unstable=False,
        onboarding_step=OnboardingStep.WAITING_HANDSHAKE,
        self_test=None,
        registered_by=2,
        registered_by_name="Admin",
        key_handoff_id=UUID_,
        code_expires_at=NOW + timedelta(hours=24),
        code_used_at=None,
        key_shown_at=None,
        key_waits=True,
        commissioned_at=NOW,
        version=1,
        created_at=NOW,
        edge_server_id=3,
        edge_id=str(UUID_),
        edge_version="0.1.0",
        health={"disk_free_gib": 21.4, "memory_percent": 40.0, "temperature_c": 51.0},
        last_heartbeat=None,
        hardware_id=None,
        processor_type="Jetson Orin Nano",
        ip_address_local=None,
        ip_address_vpn=None,
        hardware_config=None,
        bound_at=None,
        conflict=None,
    )
    return dataclasses.replace(machine, **changes)


def a_line(action: str, **changes: Any) -> EventLine:  # noqa: ANN401 - any column
    """Return a line of a story."""
    line = EventLine(NOW, action, None, None, "Budi", None, None, None)
    return dataclasses.replace(line, **changes)


def an_invite(**changes: Any) -> InviteDetail:  # noqa: ANN401 - any column
    """Return an invite that was opened."""
    invite = InviteDetail(
        9, 1, "Siaga Daur Ulang", "Sari", Role.TECHNICIAN, 2, NOW, NOW, "Sari", "sari", 77, None, None
    )
    return dataclasses.replace(invite, **changes)


def a_person_row(**changes: Any) -> PersonRow:  # noqa: ANN401 - any column
    """Return a person as lists have them."""
    row = PersonRow(
        user_id=4,
        name="Budi",
        email="budi@example.com",
        role=Role.TECHNICIAN,
        organization_id=1,
        is_active=True,
        linked=True,
        blocked=False,
        open_assignments=2,
        planned_minutes=1200,
        username="budi",
        created_at=NOW,
        points_balance=0,
        photo_url=None,
    )
    return dataclasses.replace(row, **changes)


def a_duty(**changes: Any) -> tuple[DutyNow, str]:  # noqa: ANN401 - any column
    """Return how a member stands, with their week in words."""
    now = DutyNow(1, "Siaga Daur Ulang", Duty("Asia/Jakarta"), on=True, changes_at=NOW + timedelta(hours=3))
    return dataclasses.replace(now, **changes), "Sen-Jum 08.00-17.00"


PERSON = Person(
    4, "Budi", "id", "Asia/Jakarta", memberships=(Membership(1, "Siaga Daur Ulang", Role.TECHNICIAN),)
)
NOBODY = Person(5, "Tono", "id", "Asia/Jakarta")
BOSS = Person(1, "Super Admin", "en", "Asia/Jakarta", is_super_admin=True)
PLACE = Place(-6.17, 106.8, "pin")
CODES = (
    SetupCode("ready", "K7QM2-9XRTD", NOW + timedelta(hours=24)),
    SetupCode("used", "", NOW),
    SetupCode("expired", "", NOW),
    None,
)
CALLS = [
    *(
        a_line("escalation_call", actor_name=None, cause=kind, to_status="dispatcher", note=NASTY)
        for kind in EscalationKind
    ),
    *(
        a_line("escalation_call", cause="not_started", to_status=called, note="Rina, Budi", reason="Budi")
        for called in Called
    ),
    a_line("escalation_nobody_to_call", actor_name=None, cause="not_accepted", to_status="super_admins"),
    a_line("escalation_acknowledge"),
    a_line("escalation_take"),
    a_line("escalation_snooze", note="15"),
    a_line("escalation_end", actor_name=None, cause="temporal_ui"),
    a_line("escalation_end", actor_name=None, cause="accept"),
]
TASK_STORY = [
    *(a_line(move) for move in AssignmentMove),
    *(a_line("decline", reason=reason, note="capek") for reason in DeclineReason),
    *(a_line("hand_back", reason=reason, actor_name=None) for reason in HandBackReason),
    *(a_line("postpone", reason=reason, note="hujan") for reason in PostponeReason),
    a_line("start", reason="GPS mati"),
    a_line("settle", cause="temporal_ui", actor_name=None),
    a_line("complete", reason="disk diganti besok"),
    a_line("cancel", cause="temporal_ui", actor_name=None),
    *CALLS,
]
MACHINE_ACTIONS = [
    "register",
    "reissue_key",
    "wait_handshake",
    "remind",
    "key_expired",
    "bind_device",
    "replace_device",
    "conflict",
    "refuse",
    "self_test",
    "self_test_failed",
    "self_test_passed",
    "overridden",
    "commission",
    "cancel",
    "online",
    "offline",
    "steady",
    "outage",
    "repair_proposed",
    "begin_work",
    "end_work",
    "fill",
    "empty",
    "retire",
    "pin_issued",
    "something_new",
]
MACHINE_STORY = [
    *(a_line(action) for action in MACHINE_ACTIONS),
    *(a_line(action, actor_name=None, cause="temporal_ui", reason="tes") for action in MACHINE_ACTIONS),
    a_line("refuse", cause="nobody_answered", actor_name=None),
    *(a_line(action, note="3", reason="bolt") for action in ("pin_used", "pin_wrong", "pin_unexpected")),
]
