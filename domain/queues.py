"""Temporal task queues and workflow type names (DESIGN 2, WORDS 2)."""

SIAGA_QUEUE = "siaga"
"""Workflows and database activities."""

ONBOARDING_WORKFLOW = "machine-onboarding"
HANDSHAKE_WORKFLOW = "device-handshake"
MACHINE_WORKFLOW = "machine"
ASSIGNMENT_WORKFLOW = "task-assignment"
TICKET_WORKFLOW = "ticket"
ESCALATION_WORKFLOW = "escalation"
MAINTENANCE_RUN_WORKFLOW = "maintenance-run"
FLEET_WATCH_WORKFLOW = "fleet-watch"


def edge_queue(edge_id: str) -> str:
    """Return the queue that one box polls."""
    return f"edge-{edge_id}"
