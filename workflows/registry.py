"""The one list of workflows a worker runs."""

from workflows.assignments import TaskAssignment
from workflows.escalation import Escalation
from workflows.fleet_watch import FleetWatch
from workflows.handshake import DeviceHandshake
from workflows.machines import MachineLife
from workflows.maintenance_run import MaintenanceRun
from workflows.onboarding import MachineOnboarding
from workflows.tickets import TicketLife

WORKFLOWS = [
    MachineOnboarding,
    DeviceHandshake,
    MachineLife,
    FleetWatch,
    TaskAssignment,
    Escalation,
    TicketLife,
    MaintenanceRun,
]
