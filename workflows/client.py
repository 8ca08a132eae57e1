"""The gateway: the only door through which bot and web start and change work (DESIGN 5).

Every method takes ``source``, the update id derived from where the wish came from, so that a repeat gets the
first answer. Errors are told apart by status, never by text.
"""

from datetime import timedelta
from uuid import UUID

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from domain import ids, search_attributes
from domain.assignments import AssignmentCommand, AssignmentMove, AssignmentState, AssignmentView
from domain.errors import Closed, UndoTooLate
from domain.escalations import EscalationCommand, EscalationView
from domain.handshake import HandshakeAnswer, HandshakeCommand, HandshakeInput, PresentedHardware
from domain.machines import MachineCommand, MachineState, MachineView
from domain.onboarding import OnboardingCommand, OnboardingState, OnboardingView
from domain.priorities import Priority, temporal_priority
from domain.queues import SIAGA_QUEUE
from domain.watch import WatchRequest
from workflows.asking import Noted, overheard
from workflows.assignments import TaskAssignment
from workflows.escalation import Escalation
from workflows.fleet_watch import FleetWatch
from workflows.gateway_calls import Calls
from workflows.handshake import DeviceHandshake
from workflows.machines import MachineLife
from workflows.onboarding import MachineOnboarding
from workflows.plan_door import PlanDoor
from workflows.ticket_door import TicketDoor

__all__ = ["Gateway", "Noted"]


class Gateway(Calls):
    """Business verbs over Temporal. ``rpc_timeout_s`` bounds how long one call may take."""

    def __init__(self, client: Client, *, rpc_timeout_s: float = 3.0) -> None:
        super().__init__(client, timedelta(seconds=rpc_timeout_s))
        self.plans = PlanDoor(client, self._timeout)
        self.tickets = TicketDoor(client, self._timeout)

    async def register_machine(self, source: str, state: OnboardingState) -> OnboardingView | Noted:
        """Register a machine and begin its onboarding; answers with ids and the key's hand-off."""
        start = WithStartWorkflowOperation(
            MachineOnboarding.run,
            state,
            id=ids.onboarding_id(state.machine_uuid),
            task_queue=SIAGA_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"Onboarding of {state.machine.name}",
            search_attributes=search_attributes.of(state.organization_id),
            priority=temporal_priority(Priority.MEDIUM, state.organization_id),
        )
        return await self._start_with(source, start, MachineOnboarding.registered)

    async def move_onboarding(
        self, source: str, machine_uuid: UUID, command: OnboardingCommand
    ) -> OnboardingView | Noted:
        """Re-issue a key, test again, commission by hand, or cancel."""
        return await self._update(source, ids.onboarding_id(machine_uuid), MachineOnboarding.move, command)

    async def create_assignment(self, source: str, state: AssignmentState) -> AssignmentView | Noted:
        """Create an assignment under its reserved number and offer it."""
        start = WithStartWorkflowOperation(
            TaskAssignment.run,
            state,
            id=ids.assignment_id(state.assignment_id),
            task_queue=SIAGA_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=_assignment_summary(state),
            search_attributes=search_attributes.of(state.organization_id, state.machine_id, state.priority),
            priority=temporal_priority(state.priority, state.organization_id),
        )
        return await self._start_with(source, start, TaskAssignment.created)

    async def move_assignment(
        self, source: str, assignment_id: int, command: AssignmentCommand
    ) -> AssignmentView | Noted:
        """Do one of a person's moves on an assignment; its run ends when nothing can be undone any more."""
        try:
            return await self._update(source, ids.assignment_id(assignment_id), TaskAssignment.move, command)
        except Closed as closed:
            if command.move == AssignmentMove.UNDO and not closed.details:
                raise UndoTooLate(number=assignment_id) from closed
            raise

    async def move_machine(
        self, source: str, machine_uuid: UUID, command: MachineCommand
    ) -> MachineView | Noted:
        """Do one of a person's moves on a machine."""
        return await self._update(source, ids.machine_id(machine_uuid), MachineLife.move, command)

    async def present_hardware(
        self, source: str, start: HandshakeInput, hardware: PresentedHardware
    ) -> HandshakeAnswer | Noted:
        """Present a box that is not bound; never waits for a person."""
        operation = WithStartWorkflowOperation(
            DeviceHandshake.run,
            start,
            id=ids.handshake_id(start.edge_id),
            task_queue=SIAGA_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=f"Handshake of {start.machine_name or start.edge_id}",
            search_attributes=search_attributes.of(start.organization_id, start.machine_id),
            priority=temporal_priority(Priority.HIGH, start.organization_id),
        )
        ask = self._client.execute_update_with_start_workflow
        async with overheard(operation):
            return await self._answered(
                source,
                lambda: ask(
                    DeviceHandshake.present,
                    hardware,
                    start_workflow_operation=operation,
                    id=source,
                    rpc_timeout=self._timeout,
                ),
            )

    async def move_handshake(
        self, source: str, edge_id: str, command: HandshakeCommand
    ) -> HandshakeAnswer | Noted:
        """Answer a conflict: replace the device, or refuse it."""
        return await self._update(source, ids.handshake_id(edge_id), DeviceHandshake.move, command)

    async def move_escalation(
        self, source: str, owner_workflow_id: str, command: EscalationCommand
    ) -> EscalationView | Noted:
        """Acknowledge, take or snooze the ladder of an owner."""
        return await self._update(source, ids.escalation_id(owner_workflow_id), Escalation.move, command)

    async def repair_assignment(self, state: AssignmentState) -> None:
        """Start a lost assignment again from its row; one that runs is left alone."""
        await self._begin(
            TaskAssignment.run,
            state,
            ids.assignment_id(state.assignment_id),
            summary=_assignment_summary(state),
            attributes=search_attributes.of(state.organization_id, state.machine_id, state.priority),
            priority=temporal_priority(state.priority, state.organization_id),
        )

    async def repair_onboarding(self, state: OnboardingState) -> None:
        """Start a lost onboarding again from its row; one that runs is left alone."""
        await self._begin(
            MachineOnboarding.run,
            state,
            ids.onboarding_id(state.machine_uuid),
            summary=f"Onboarding of {state.machine.name}",
            attributes=search_attributes.of(state.organization_id, state.machine_id),
            priority=temporal_priority(Priority.MEDIUM, state.organization_id),
        )

    async def begin_machine(self, state: MachineState) -> None:
        """Start the life of a machine from its row (lost runs, the demo); one that runs is left alone."""
        await self._begin(
            MachineLife.run,
            state,
            ids.machine_id(state.machine_uuid),
            summary=f"Machine {state.name}",
            attributes=search_attributes.of(state.organization_id, state.machine_id),
            priority=temporal_priority(Priority.MEDIUM, state.organization_id),
        )

    async def watch_fleet(self, shards: int = 1) -> None:
        """Make sure that each shard of the fleet is watched."""
        for shard in range(shards):
            await self._client.start_workflow(
                FleetWatch.run,
                WatchRequest(shard=shard, shards=shards),
                id=ids.fleet_watch_id(shard),
                task_queue=SIAGA_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=f"Fleet watch, shard {shard + 1} of {shards}",
            )

    async def healthy(self) -> bool:
        """Return whether Temporal answers."""
        try:
            return await self._client.service_client.check_health(timeout=self._timeout)
        except (RPCError, RuntimeError):
            return False


def _assignment_summary(state: AssignmentState) -> str:
    return f"{state.task_type.capitalize()} at {state.machine_name}"
