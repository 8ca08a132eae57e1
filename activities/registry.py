"""The one list of database activities a worker runs."""

from collections.abc import Callable
from typing import Any

from activities.assignments import AssignmentActivities
from activities.escalations import EscalationActivities
from activities.fleet import FleetActivities
from activities.machines import MachineActivities
from activities.plans import PlanActivities
from activities.reports import ReportActivities
from activities.tickets import TicketActivities
from db.secrets import Cipher
from db.session import Database
from db.store import LocalStore
from domain.machine_codes import CodeAddresses


def all_activities(
    database: Database, cipher: Cipher, store: LocalStore, addresses: CodeAddresses
) -> list[Callable[..., Any]]:
    """Return the bound activities, ready to be registered."""
    assignments = AssignmentActivities(database)
    machines = MachineActivities(database, cipher)
    fleet = FleetActivities(database)
    tickets = TicketActivities(database)
    reports = ReportActivities(database, store, addresses)
    escalations = EscalationActivities(database)
    plans = PlanActivities(database)
    return [
        assignments.record_assignment_move,
        assignments.record_start,
        assignments.offer_terms,
        assignments.self_test_passed,
        assignments.installation_state,
        assignments.follow_up_state,
        machines.register_machine,
        machines.reissue_key,
        machines.record_onboarding_step,
        machines.record_machine_move,
        machines.bind_device,
        machines.record_conflict,
        fleet.watch_fleet,
        tickets.record_ticket_move,
        reports.make_report,
        escalations.call_rung,
        escalations.record_escalation,
        plans.next_task,
    ]
