"""A gateway that records what HTTP asked of it: for tests about HTTP, not about workflows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.assignments import AssignmentCommand, AssignmentState, AssignmentStatus, AssignmentView
from domain.errors import Refusal
from domain.handshake import HandshakeAnswer, HandshakeInput, HandshakeState, PresentedHardware
from domain.machines import Connection, MachineCommand, MachineStatus, MachineView
from domain.onboarding import OnboardingState, OnboardingStep, OnboardingView
from domain.plans import Plan
from domain.priorities import Priority
from domain.ticket_records import TicketCommand
from domain.tickets import TicketState, TicketStatus, TicketView
from workflows.client import Gateway, Noted
from workflows.plan_door import PlanDoor
from workflows.ticket_door import TicketDoor


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the gateway."""

    verb: str
    source: str
    given: Sequence[Any]


class RecordingPlans(PlanDoor):
    """Records which Schedules were to follow."""

    def __init__(self, calls: list[Call]) -> None:
        self._calls = calls

    async def follow(self, plan_id: int, plan: Plan | None) -> None:
        self._calls.append(Call("follow_plan", "", (plan_id, plan)))


class RecordingTickets(TicketDoor):
    """Answers every move of a ticket at once."""

    def __init__(self, gateway: "RecordingGateway") -> None:
        self._gateway = gateway

    async def open(self, source: str, state: TicketState) -> TicketView | Noted:
        view = TicketView(state.ticket_id, state.number, TicketStatus.OPEN, state.priority)
        return self._gateway._answer("open_ticket", source, state) or view

    async def move(self, source: str, number: str, command: TicketCommand) -> TicketView | Noted:
        view = TicketView(1, number, TicketStatus.IN_REVIEW, Priority.HIGH)
        return self._gateway._answer("move_ticket", source, number, command) or view


class RecordingGateway(Gateway):
    """Answers every move at once; ``refusal`` or ``silent`` make it answer otherwise."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.plans = RecordingPlans(self.calls)
        self.tickets = RecordingTickets(self)
        self.refusal: Refusal | None = None
        self.silent = False
        self.well = True
        self.handshake = HandshakeState.BOUND
        self.binds: Callable[[PresentedHardware], Awaitable[None]] | None = None
        """What the workflow's activity does to the row."""

    def _answer(self, verb: str, source: str, *given: Any) -> Noted | None:  # noqa: ANN401 - whatever was given
        self.calls.append(Call(verb, source, given))
        if self.refusal is not None:
            raise self.refusal
        return Noted(source) if self.silent else None

    async def register_machine(self, source: str, state: OnboardingState) -> OnboardingView | Noted:
        view = OnboardingView(
            machine_id=99,
            machine_uuid=state.machine_uuid,
            edge_id=str(state.machine_uuid),
            step=OnboardingStep.REGISTERED,
            key_handoff=state.machine_uuid,
            assignment_id=None,
        )
        return self._answer("register_machine", source, state) or view

    async def create_assignment(self, source: str, state: AssignmentState) -> AssignmentView | Noted:
        view = AssignmentView(
            state.assignment_id, AssignmentStatus.PENDING, None, state.assigned_to, state.machine_name
        )
        return self._answer("create_assignment", source, state) or view

    async def move_assignment(
        self, source: str, assignment_id: int, command: AssignmentCommand
    ) -> AssignmentView | Noted:
        view = AssignmentView(
            assignment_id, AssignmentStatus.ACCEPTED, command.actor_id, command.actor_id, "RVM"
        )
        return self._answer("move_assignment", source, assignment_id, command) or view

    async def move_machine(
        self, source: str, machine_uuid: UUID, command: MachineCommand
    ) -> MachineView | Noted:
        view = MachineView(1, "RVM", MachineStatus.INACTIVE, Connection.WAITING)
        return self._answer("move_machine", source, machine_uuid, command) or view

    async def present_hardware(
        self, source: str, start: HandshakeInput, hardware: PresentedHardware
    ) -> HandshakeAnswer | Noted:
        if self.binds is not None:
            await self.binds(hardware)
        view = HandshakeAnswer(self.handshake, start.edge_id, bound_at=datetime.now(UTC))
        return self._answer("present_hardware", source, start, hardware) or view

    async def healthy(self) -> bool:
        return self.well
