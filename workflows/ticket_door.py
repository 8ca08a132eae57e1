"""The part of the gateway that tickets go through."""

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from domain import ids, search_attributes
from domain.errors import Unavailable
from domain.priorities import temporal_priority
from domain.queues import SIAGA_QUEUE
from domain.ticket_records import TicketCommand
from domain.tickets import TicketPolicy, TicketState, TicketView
from workflows.asking import Noted
from workflows.gateway_calls import Calls
from workflows.tickets import TicketLife


class TicketDoor(Calls):
    """Opening and moving tickets."""

    async def open(self, source: str, state: TicketState) -> TicketView | Noted:
        """Open a ticket under its reserved number; its clocks run from here."""
        start = WithStartWorkflowOperation(
            TicketLife.run,
            state,
            id=ids.ticket_id(state.number),
            task_queue=SIAGA_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"Ticket {state.number}",
            search_attributes=search_attributes.of(state.organization_id, priority=state.priority),
            priority=temporal_priority(state.priority, state.organization_id),
        )
        return await self._start_with(source, start, TicketLife.opened)

    async def move(self, source: str, number: str, command: TicketCommand) -> TicketView | Noted:
        """Do one of a person's moves on a ticket."""
        return await self._update(source, ids.ticket_id(number), TicketLife.move, command)

    async def retime(self, number: str, policy: TicketPolicy) -> None:
        """Tell a ticket that its promises or its calendar have changed; one that has ended needs no telling.

        Raises:
            Unavailable: Temporal does not answer.
        """
        handle = self._client.get_workflow_handle(ids.ticket_id(number))
        try:
            await handle.signal(TicketLife.policy_changed, policy, rpc_timeout=self._timeout)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise Unavailable from error
