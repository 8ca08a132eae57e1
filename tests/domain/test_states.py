"""The tables of states, moves and rights."""

from enum import StrEnum

import pytest

from domain.assignments import ASSIGNMENT, OPEN_STATUSES, AssignmentMove, AssignmentStatus
from domain.errors import NotPossibleNow
from domain.machines import MACHINE, MachineMove, MachineStatus
from domain.onboarding import ALLOWED_AT, OPEN_STEPS, OnboardingMove, OnboardingStep
from domain.roles import Permission, Reach, Role, may, may_invite, reach
from tests.domain.states import MACHINES, PAGE, page


def test_the_page_of_states_is_in_step_with_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.domain.states"


@pytest.mark.parametrize("title", MACHINES)
def test_every_status_can_be_reached(title: str) -> None:
    machine = MACHINES[title]
    starts = {start for start, _ in machine.rows}
    reached = {row.to for row in machine.rows.values()}
    kind: type[StrEnum] = type(next(iter(reached)))
    # What a row begins with is reached by being made.
    assert set(kind) - reached <= starts


def test_nothing_but_an_undo_moves_an_assignment_that_is_over() -> None:
    for status in set(AssignmentStatus) - OPEN_STATUSES:
        persons = [move for move in ASSIGNMENT.moves_from(status) if ASSIGNMENT.permission(status, move)]
        assert persons == ([AssignmentMove.UNDO] if status == AssignmentStatus.COMPLETED else [])
        with pytest.raises(NotPossibleNow):
            ASSIGNMENT.target(status, AssignmentMove.CANCEL)


def test_a_put_status_finds_its_verb() -> None:
    verbs = ASSIGNMENT.leads_to(AssignmentStatus.CANCELLED)
    assert {move for _, move in verbs} == {AssignmentMove.CANCEL}
    assert MACHINE.leads_to(MachineStatus.FULL) == ((MachineStatus.ACTIVE, MachineMove.FILL),)


def test_only_admins_manage_and_only_field_people_do() -> None:
    managers = {role for role in Role if may(role, Permission.MANAGE_ASSIGNMENTS)}
    doers = {role for role in Role if may(role, Permission.DO_ASSIGNMENTS)}
    assert managers == {Role.SUPER_ADMIN, Role.ADMIN}
    assert doers == {Role.OPERATOR, Role.TECHNICIAN}


RIGHTS_OF_WORDS = {
    # WORDS 1, in the order super_admin, admin, operator, teknisi, tenan, user, team_expert, tech, customer
    Permission.REGISTER_MACHINE: "●●○○○○○○○",
    Permission.GRANT_ACCESS: "●○○○○○○○○",
    Permission.REPLACE_DEVICE: "●●○○○○○○○",
    Permission.REISSUE_KEY: "●●◐◐○○○○○",
    Permission.MANAGE_ASSIGNMENTS: "●●○○○○○○○",
    Permission.DO_ASSIGNMENTS: "○○◐◐○○○○○",
    Permission.MAINTENANCE_PIN: "○○◐◐○○○○○",
    Permission.SEE_MACHINES: "●●◐◐◐p○○○",
    Permission.REPORT_PROBLEM: "●●●●●●●●●",
    Permission.MANAGE_PEOPLE: "●●○○○○○○○",
    Permission.MANAGE_HELPDESK: "●●○○○○○○○",
    Permission.REVIEW_TICKETS: "●●○○○○●○○",
    Permission.WORK_ON_TICKETS: "●●○○○○●◐○",
    # A tech opens internal ones only.
    Permission.OPEN_TICKETS: "●●○○○○●●◐",
    # Not rows of WORDS 1: /settings, /status, /export and /find are the admins' (WORDS 5); technicians find
    # what is theirs.
    Permission.MANAGE_SETTINGS: "●●○○○○○○○",
    Permission.SEE_FIGURES: "●●○○○○○○○",
    Permission.FIND: "●●◐◐○○○○○",
    # Not a row of WORDS 1: whoever is asked or decides has shifts.
    Permission.BE_ON_DUTY: "◐◐◐◐○○◐◐○",
}
DOTS = {
    "●": {Reach.EVERYWHERE, Reach.OWN_ORGANIZATION},
    "◐": {Reach.OWN},
    "○": {Reach.NONE},
    "p": {Reach.PUBLIC},
}


@pytest.mark.parametrize("permission", Permission)
def test_rights_are_those_of_words_1(permission: Permission) -> None:
    for role, dot in zip(Role, RIGHTS_OF_WORDS[permission], strict=True):
        assert reach(role, permission) in DOTS[dot], role


def test_an_admin_invites_up_to_admin() -> None:
    assert may_invite(Role.ADMIN, Role.ADMIN)
    assert not may_invite(Role.ADMIN, Role.SUPER_ADMIN)
    assert may_invite(Role.SUPER_ADMIN, Role.SUPER_ADMIN)
    assert not may_invite(Role.TECHNICIAN, Role.USER)


def test_an_onboarding_can_be_cancelled_until_it_is_over() -> None:
    assert ALLOWED_AT[OnboardingMove.CANCEL] == OPEN_STEPS
    assert set(OnboardingStep) - OPEN_STEPS == {OnboardingStep.COMMISSIONED, OnboardingStep.CANCELLED}
