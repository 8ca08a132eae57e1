"""The one list of database activities a worker runs."""

from collections.abc import Callable
from typing import Any

from activities.assignments import AssignmentActivities
from activities.escalations import EscalationActivities
from activities.fleet import FleetActivities
from activities.machines import MachineActivities
from activities.tickets import TicketActivities
from db.secrets import Cipher
from db.session import Database


def all_activities(database: Database, cipher: Cipher) -> list[Callable[..., Any]]:
    """Return the bound activities, ready to be registered."""
    assignments = AssignmentActivities(database)
    machines = MachineActivities(database, cipher)
    fleet = FleetActivities(database)
    tickets = TicketActivities(database)
    escalations = EscalationActivities(database)
    return [
        assignments.record_assignment_move,
        assignments.self_test_passed,
        assignments.installation_state,
        machines.register_machine,
        machines.reissue_key,
        machines.record_onboarding_step,
        machines.record_machine_move,
        machines.bind_device,
        machines.record_conflict,
        fleet.watch_fleet,
        tickets.record_ticket_move,
        escalations.call_rung,
        escalations.record_escalation,
    ]
