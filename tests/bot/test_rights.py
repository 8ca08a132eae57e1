"""A button is shown exactly when its tap would be accepted: table, person, relation (DESIGN 4)."""

import dataclasses
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards import assignment as assignment_card
from bot.cards.assignment import AssignmentCard, possible_moves
from bot.cards.onboarding import OnboardingCard, may_commission
from bot.cards.runs import Runs
from bot.commands import COMMANDS, commands_for
from bot.content import Reader
from bot.dialogs.invite import roles_for
from bot.suspending import may_switch
from db.queries.assignments import AssignmentDetail
from db.secrets import Cipher
from domain.arrivals import ArrivalMethod, Proof
from domain.assignments import (
    ASSIGNMENT,
    AssignmentCommand,
    AssignmentMove,
    AssignmentPolicy,
    AssignmentState,
    AssignmentStatus,
    DeclineReason,
    HandBackReason,
    PostponeReason,
    TaskType,
)
from domain.errors import Refusal
from domain.offers import Candidate, Offer
from domain.onboarding import OPEN_STEPS, OnboardingMove, OnboardingStep, allowed
from domain.people import Membership, Person
from domain.priorities import Priority
from domain.roles import Permission, Role
from tests.bot.samples import rows
from workflows.assignment_rules import check

ME = 4
SOMEBODY_ELSE = 99
PHARMACY = 1
RUNS = Runs("https://ui.example.org/namespaces/siaga")


def a_person(role: Role | None, organization: int = 1) -> Person:
    """Return a person with one role."""
    pharmacy = PHARMACY if role == Role.CUSTOMER else None
    held = () if role is None else (Membership(organization, "Siaga", role, pharmacy),)
    return Person(ME, "Budi", "id", "Asia/Jakarta", is_super_admin=role == Role.SUPER_ADMIN, memberships=held)


PEOPLE = [a_person(role) for role in Role] + [
    a_person(None),
    a_person(Role.ADMIN, 2),
    a_person(Role.TECHNICIAN, 2),
]


REASONS = {
    AssignmentMove.DECLINE: DeclineReason.BUSY,
    AssignmentMove.HAND_BACK: HandBackReason.NO_ACCESS,
    AssignmentMove.POSTPONE: PostponeReason.TRAFFIC,
}


def a_task(status: AssignmentStatus, assigned_to: int) -> AssignmentDetail:
    """Return a task with a checklist, whose completion can still be undone."""
    until = rows.NOW + timedelta(days=1) if status == AssignmentStatus.COMPLETED else None
    return rows.a_task(status=status, assigned_to=assigned_to, checklist=rows.STEPS, undo_until=until)


def accepted(status: AssignmentStatus, assigned_to: int, person: Person, move: AssignmentMove) -> bool:
    """Return whether the workflow's own check takes the move from this person."""
    state = AssignmentState(
        assignment_id=12,
        organization_id=1,
        machine_id=3,
        machine_uuid=rows.UUID_,
        machine_name="RVM",
        assigned_by=2,
        task_type=TaskType.REPAIR,
        priority=rows.a_task().priority,
        scheduled_date=rows.NOW,
        policy=AssignmentPolicy(60),
        asked=[Candidate(assigned_to, "Budi")] if status == AssignmentStatus.PENDING else [],
        holder=None if status == AssignmentStatus.PENDING else assigned_to,
        status=status,
        photos=[1],
        checklist=rows.STEPS,
        answers=[rows.OK],
        undo_until=rows.NOW + timedelta(days=1) if status == AssignmentStatus.COMPLETED else None,
    )
    command = AssignmentCommand(
        move,
        person.user_id,
        person.name,
        actor_may_manage=person.may(Permission.MANAGE_ASSIGNMENTS, 1),
        reason=REASONS.get(move, ""),
        offer=Offer([Candidate(5, "Sari")]),
        file_ids=[1],
        proof=Proof(ArrivalMethod.QR, rows.NOW),
        answers=[rows.OK],
        scheduled_date=rows.NOW + timedelta(days=1),
        priority=Priority.LOW,
    )
    try:
        check(state, command, rows.NOW)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("status", AssignmentStatus)
@pytest.mark.parametrize("assigned_to", [ME, SOMEBODY_ELSE])
def test_possible_moves_are_those_the_workflow_accepts(status: AssignmentStatus, assigned_to: int) -> None:
    task = a_task(status, assigned_to)
    for person in PEOPLE:
        field_worker = person.may(Permission.DO_ASSIGNMENTS, 1)
        for move in AssignmentMove:
            shown = move in possible_moves(task, person)
            if shown:
                assert accepted(status, assigned_to, person, move), (person.memberships, move)
            elif ASSIGNMENT.rows.get((status, move)) and (field_worker or assigned_to != ME):
                assert not accepted(status, assigned_to, person, move), (person.memberships, move)


@pytest.mark.parametrize("status", AssignmentStatus)
@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.OPERATOR, Role.ADMIN, Role.SUPER_ADMIN])
async def test_card_has_a_button_for_each_possible_move(
    monkeypatch: pytest.MonkeyPatch, status: AssignmentStatus, role: Role
) -> None:
    person = a_person(role)
    task = a_task(status, ME)
    card = AssignmentCard(Cipher("secret"), RUNS)
    monkeypatch.setattr(assignment_card, "assignment_by_id", _returns(task))
    monkeypatch.setattr(assignment_card, "assignment_story", _returns([]))
    monkeypatch.setattr(assignment_card, "photos_of_reports", _returns([]))

    view = await card(cast("AsyncSession", None), 12, Reader(person, "id", person.time_zone, 1))

    assert view is not None
    actions = {one.tap.action for row in view.keyboard for one in row if one.tap}
    # A photo is sent; work is taken back by suspending its holder; steps have a card of their own.
    moves = set(possible_moves(task, person)) - {
        AssignmentMove.PHOTO,
        AssignmentMove.WITHDRAW,
        AssignmentMove.CHECK,
    }
    assert {action for action in actions if action in {move.value for move in AssignmentMove}} == moves
    over = status in (AssignmentStatus.COMPLETED, AssignmentStatus.CANCELLED)
    assert view.final == (over and AssignmentMove.UNDO not in moves)


async def test_whoever_lost_a_task_sees_only_that_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    card = AssignmentCard(Cipher("secret"), RUNS)
    monkeypatch.setattr(assignment_card, "assignment_by_id", _returns(rows.a_task(assigned_to=SOMEBODY_ELSE)))
    person = a_person(Role.TECHNICIAN)

    view = await card(cast("AsyncSession", None), 12, Reader(person, "id", person.time_zone, 1))

    assert view is not None
    assert view.template == "cards/assignment_gone"
    assert view.final
    assert not view.keyboard


@pytest.mark.parametrize("step", OnboardingStep)
def test_onboarding_buttons_are_those_the_table_allows(step: OnboardingStep) -> None:
    card = OnboardingCard(Cipher("secret"), RUNS)
    machine = rows.a_machine(onboarding_step=step)

    keyboard = card._keyboard(machine, None, rows.CODES[0])

    actions = {one.tap.action for row in keyboard for one in row if one.tap}
    for move in OnboardingMove:
        assert (move.value in actions) == allowed(step, move), move
    assert ("key" in actions) == (step in OPEN_STEPS)


def test_an_installation_in_somebodys_hands_is_not_commissioned_over_their_head() -> None:
    machine = rows.a_machine(onboarding_step=OnboardingStep.ONLINE)

    assert may_commission(machine, None)
    assert not may_commission(machine, rows.a_task(task_type=TaskType.INSTALLATION))


def test_each_role_is_shown_its_own_commands() -> None:
    shown = {role: {command.name for command in commands_for(a_person(role))} for role in Role}

    assert "tasks" in shown[Role.TECHNICIAN]
    assert "tasks" in shown[Role.OPERATOR]
    assert "tasks" not in shown[Role.ADMIN]
    assert "find" in shown[Role.TECHNICIAN]
    for role in (Role.ADMIN, Role.SUPER_ADMIN):
        assert {"settings", "status", "find", "export", "pharmacy", "helpdesk", "stats"} <= shown[role]
        assert {"onboard", "assign", "fleet", "why", "people", "invite", "suspend", "restore"} <= shown[role]
    assert shown[Role.CUSTOMER] >= {"new", "tickets", "leave", "me"}
    desk, duties = {Role.TEAM_EXPERT, Role.TECH}, {"duty", "shifts", "quiet"}
    others = {Role.CUSTOMER, Role.ADMIN, Role.SUPER_ADMIN, Role.TECHNICIAN, Role.OPERATOR}
    for role in set(Role) - desk - others:
        assert shown[role] == {"me", "language", "cancel", "help"}
    assert (
        shown[Role.TECH] == {"me", "language", "cancel", "help", "queue", "mine", "ticket", "away"} | duties
    )
    assert shown[Role.TEAM_EXPERT] == shown[Role.TECH] | {"stats"}
    assert {command.name for command in commands_for(None)} == {"start", "help", "join"}


def test_commands_fit_telegram_and_do_not_clash() -> None:
    names = [name for command in COMMANDS for name in command.names]

    assert len(names) == len(set(names))
    assert all(name.isascii() and name.islower() and name.isalpha() and len(name) <= 32 for name in names)


def test_an_admin_invites_up_to_admin_and_a_super_admin_everybody() -> None:
    assert Role.SUPER_ADMIN in roles_for(Role.SUPER_ADMIN)
    assert Role.SUPER_ADMIN not in roles_for(Role.ADMIN)
    assert Role.ADMIN in roles_for(Role.ADMIN)
    assert roles_for(Role.TECHNICIAN) == ()


def test_nobody_suspends_themselves_or_somebody_above() -> None:
    admin, boss = a_person(Role.ADMIN), a_person(Role.SUPER_ADMIN)
    other = rows.a_person_row(user_id=SOMEBODY_ELSE)

    assert may_switch(admin, other)
    assert may_switch(admin, dataclasses.replace(other, role=Role.ADMIN))
    assert not may_switch(admin, dataclasses.replace(other, role=Role.SUPER_ADMIN))
    assert may_switch(boss, dataclasses.replace(other, role=Role.SUPER_ADMIN))
    assert not may_switch(admin, dataclasses.replace(other, user_id=ME))
    assert not may_switch(admin, dataclasses.replace(other, organization_id=2))
    assert not may_switch(a_person(Role.TECHNICIAN), other)


def _returns(value: object) -> object:
    async def answer(*_: object, **__: object) -> object:
        return value

    return answer
