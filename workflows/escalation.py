"""The workflow ``escalation``: calls one rung after the other until somebody has it or its owner ends it."""

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.escalations import EscalationActivities
    from activities.refusals import refusals
    from domain import search_attributes
    from domain.escalations import (
        Audience,
        EscalationCommand,
        EscalationMove,
        EscalationRecord,
        EscalationState,
        EscalationView,
        RungCall,
        status_of,
    )
    from domain.queues import ESCALATION_WORKFLOW
    from workflows.details import index, moment, note, show
    from workflows.escalation_rules import NextCall, check, is_repeat, next_call
    from workflows.remembered import recall, remember, update_source
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import write


@workflow.defn(name=ESCALATION_WORKFLOW)
class Escalation:
    """Climbs its rungs by durable waits; acknowledged or taken it waits for its owner, snoozed it goes on.

    A rung that reaches nobody does not hold up the next one. Another ladder of its owner takes its place.
    """

    @workflow.init
    def __init__(self, state: EscalationState) -> None:
        self._state = state
        self._end_asked = ""
        self._successor: EscalationState | None = None
        self._lock = asyncio.Lock()  # guards _state between the update handler and the main loop

    @workflow.run
    async def run(self, state: EscalationState) -> EscalationView:  # noqa: ARG002 - taken by __init__
        """Return how the ladder ended."""
        while not self._is_over():
            await uninterrupted(self._live(), self._ask_cancel)
            if not self._is_over() and not self._end_asked:
                workflow.continue_as_new(self._state)
        if self._successor is not None:
            workflow.continue_as_new(self._successor)
        return self._view()

    @workflow.update
    async def move(self, command: EscalationCommand) -> EscalationView:
        """Sent by chat for a person's answer; an update because the person needs to know who has it."""
        async with self._lock:
            if (answered := recall(self._state.remembered, EscalationView)) is not None:
                return answered
            with refusals():
                check(self._state, command)
            if not is_repeat(self._state, command):
                await self._answer(command)
            return remember(self._state.remembered, self._view())

    @move.validator
    def _may_move(self, command: EscalationCommand) -> None:
        if recall(self._state.remembered, EscalationView) is None:
            with refusals():
                check(self._state, command)

    @workflow.signal
    def resolve(self, reason: str) -> None:
        """Sent by the owner when nothing is overdue any more; a fact."""
        self._successor = None
        self._end_asked = reason or "resolved"

    @workflow.signal
    def begin(self, state: EscalationState) -> None:
        """Sent by the owner whose next ladder begins while this one runs; a repeat changes nothing."""
        if (state.kind, state.started_at) != (self._state.kind, self._state.started_at):
            self._successor = state
            self._end_asked = "replaced"

    @workflow.signal
    def not_delivered(self, version: int) -> None:
        """Sent when no page of a call could be delivered; a fact, void once anything happened since."""
        if version == self._state.moves:
            self._state.hurried = True

    def _ask_cancel(self) -> None:
        """*Cancel* pressed in the Temporal UI ends the ladder (WORDS 2)."""
        self.resolve("temporal_ui")

    async def _live(self) -> None:
        """Call and wait until the end, or until the history is long."""
        while not self._is_over():
            self._show()
            if self._end_asked:
                await self._end()
            elif history_is_long():
                return
            else:
                await self._next_change()
        self._show()

    async def _next_change(self) -> None:
        """Wait for an answer, an end or the moment of the next call."""
        due = next_call(self._state)
        wait = None if due is None else due.at - workflow.now()
        if wait is None or wait > timedelta():
            try:
                await workflow.wait_condition(
                    lambda: bool(self._end_asked) or next_call(self._state) != due or history_is_long(),
                    timeout=wait,
                    timeout_summary="snooze ends" if self._state.snoozed_until else "call the next rung",
                )
                return
            except TimeoutError:
                pass
        async with self._lock:
            if due is not None and not self._end_asked and next_call(self._state) == due:
                await self._call(due)

    async def _call(self, due: NextCall) -> None:
        """Call a rung; when it reaches nobody, the next one is called at once."""
        state, audience = self._state, self._state.rungs[due.rung].audience
        call = RungCall(
            owner=state.owner,
            owner_id=state.owner_id,
            owner_workflow_id=state.owner_workflow_id,
            organization_id=state.organization_id,
            kind=state.kind,
            started_at=state.started_at,
            audience=audience,
            number=due.rung + 1,
            rungs=len(state.rungs),
            urgent=state.urgent,
            version=state.moves + 1,
            at=workflow.now(),
        )
        result = await write(EscalationActivities.call_rung, call, summary=f"call {audience}")
        state.escalation_id, state.reached = result.escalation_id, due.rung + 1
        state.hurried = not set(result.called) - set(result.unreachable)
        if audience != Audience.HOLDER:
            state.called += [user for user in result.called if user not in state.called]
        state.snoozed_until = state.answered_by = state.answer = None
        state.answered_name = ""
        state.moves += 1
        reached = len(result.called) - len(result.unreachable)
        note(state.history, f"rung {state.reached}: {audience}, {reached} of {len(result.called)} reachable")

    async def _answer(self, command: EscalationCommand) -> None:
        """Write a person's answer, then make it the state."""
        state, until = self._state, None
        if command.move == EscalationMove.SNOOZE:
            until = workflow.now() + timedelta(minutes=command.minutes)
        record = EscalationRecord(
            escalation_id=state.escalation_id or 0,
            organization_id=state.organization_id,
            source=update_source(),
            action=command.move,
            version=state.moves + 1,
            at=workflow.now(),
            answer=command.move,
            answered_by=command.actor_id,
            snoozed_until=until,
            minutes=command.minutes,
        )
        await write(EscalationActivities.record_escalation, record, summary=command.move)
        state.answer, state.snoozed_until = command.move, until
        state.answered_by, state.answered_name = command.actor_id, command.actor_name
        state.moves += 1
        note(state.history, f"{command.move} by {command.actor_name}")

    async def _end(self) -> None:
        """Write the end; a ladder that called nobody leaves no trace."""
        async with self._lock:
            state, reason = self._state, self._end_asked
            if state.escalation_id is not None:
                record = EscalationRecord(
                    escalation_id=state.escalation_id,
                    organization_id=state.organization_id,
                    source=f"end-{state.moves}",
                    action="end",
                    version=state.moves + 1,
                    at=workflow.now(),
                    answer=state.answer,
                    answered_by=state.answered_by,
                    ended=reason,
                )
                await write(EscalationActivities.record_escalation, record, summary=f"end: {reason}")
            state.ended = reason
            state.moves += 1
            note(state.history, f"ended ({reason})")

    def _is_over(self) -> bool:
        return bool(self._state.ended)

    def _show(self) -> None:
        """Bring search attributes and current details up to date."""
        state, due = self._state, next_call(self._state)
        status = status_of(state.answer, ended=bool(state.ended))
        index(
            search_attributes.STATUS.value_set(status),
            search_attributes.ASSIGNEE.value_unset()
            if state.answered_by is None
            else search_attributes.ASSIGNEE.value_set(str(state.answered_by)),
            *(() if due is None else (search_attributes.DUE_AT.value_set(due.at),)),
        )
        facts = {
            "Status": f"{status}{f' ({state.ended})' if state.ended else ''}",
            "Owner": state.answered_name or state.owner_workflow_id,
            "Deadline": "" if due is None else f"{moment(due.at)}: {state.rungs[due.rung].audience}",
            "Rung": f"{state.reached} of {len(state.rungs)}",
            "Quiet hours": "passed (urgent)" if state.urgent else "respected",
        }
        show(f"{state.kind}: {state.title}", facts, state.history)

    def _view(self) -> EscalationView:
        state = self._state
        return EscalationView(
            owner=state.owner,
            owner_id=state.owner_id,
            reached=state.reached,
            answered_by=state.answered_by,
            snoozed_until=state.snoozed_until,
        )
