"""The PIN button is there exactly for whoever holds the task at a machine that can check a PIN."""

import itertools

import pytest

from bot.cards.pins import pin_row
from domain.assignments import AssignmentStatus
from domain.onboarding import OnboardingStep
from domain.people import Membership, Person
from domain.roles import Role
from tests.bot.samples.rows import a_task

ME = 4


def a_person(role: Role, user_id: int = ME, organization: int = 1) -> Person:
    held = (Membership(organization, "Siaga", role),)
    return Person(user_id, "Budi", "id", "Asia/Jakarta", memberships=held)


@pytest.mark.parametrize("role", Role)
def test_the_button_is_there_when_a_pin_can_be_had(role: Role) -> None:
    for status, step in itertools.product(AssignmentStatus, OnboardingStep):
        task = a_task(status=status, assigned_to=ME, machine_onboarding_step=step)

        expected = (
            role in (Role.OPERATOR, Role.TECHNICIAN)
            and status in (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)
            and step.value in ("testing", "test_failed", "online", "commissioned")
        )
        assert bool(pin_row(task, a_person(role))) == expected, (status, step)
        assert not pin_row(task, a_person(role, user_id=5))
        assert not pin_row(task, a_person(role, organization=2))
