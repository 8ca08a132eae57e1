"""The workflow ``task-assignment``: one task for one technician at one machine."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.assignments import AssignmentActivities
    from activities.refusals import refusals, to_failure
    from domain import ids, search_attributes
    from domain.assignments import (
        OPEN_STATUSES,
        WORK_ON_MACHINE,
        AssignmentCommand,
        AssignmentMove,
        AssignmentRecord,
        AssignmentRow,
        AssignmentState,
        AssignmentStatus,
        AssignmentView,
        InstallationDone,
    )
    from domain.errors import SelfTestFailing
    from domain.machines import WorkSeen
    from domain.queues import ASSIGNMENT_WORKFLOW
    from workflows.assignment_rules import after, check, next_deadline
    from workflows.details import index, moment, note, show
    from workflows.remembered import recall, remember, update_source
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import tell, write


@workflow.defn(name=ASSIGNMENT_WORKFLOW)
class TaskAssignment:
    """Offered to one person, accepted in time or back to the dispatcher, started, photographed, completed.

    Declined, handed back or not answered, it waits for the dispatcher to choose again. It can be cancelled at
    any time. The machine is told when work begins and ends, an onboarding when its installation is done.
    """

    @workflow.init
    def __init__(self, state: AssignmentState) -> None:
        self._state = state
        self._cancel_asked = False
        self._to_tell: list[tuple[str, str, object]] = []
        """Facts for other workflows (id, signal, fact): told by the main loop, so that no answer waits."""
        self._lock = asyncio.Lock()  # guards _state between handlers and the main loop

    @workflow.run
    async def run(self, state: AssignmentState) -> AssignmentView:  # noqa: ARG002 - taken by __init__
        """Return how the assignment ended."""
        while self._is_open() or self._to_tell:
            await uninterrupted(self._live(), self._ask_cancel)
            if self._is_open() and not self._cancel_asked and not self._to_tell:
                workflow.continue_as_new(self._state)
        return self._view()

    @workflow.update
    async def created(self) -> AssignmentView:
        """Sent by whoever creates the assignment; an update because they need to know that it stands."""
        async with self._lock:
            await self._create()
        return self._view()

    @workflow.update
    async def move(self, command: AssignmentCommand) -> AssignmentView:
        """Sent by chat and API for every move of a person; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, AssignmentView)) is not None:
                return answered
            await self._create()
            with refusals():
                check(self._state, command)
            if not self._is_repeat(command):
                await self._gate(command)
                await self._apply(command.move, update_source(), command)
            return remember(self._state.remembered, self._view())

    @workflow.signal
    async def withdraw(self, command: AssignmentCommand) -> None:
        """Sent by an onboarding that a person cancelled; a fact: its installation is not wanted any more."""
        async with self._lock:
            await self._create()
            if self._is_open():
                await self._apply(
                    command.move, f"withdraw-{self._state.moves}", command, cause="onboarding_cancelled"
                )

    @move.validator
    def _may_move(self, command: AssignmentCommand) -> None:
        if recall(self._state.remembered, AssignmentView) is None:
            with refusals():
                check(self._state, command)

    def _is_repeat(self, command: AssignmentCommand) -> bool:
        """Whether the same person accepts what they hold already."""
        held = self._state.status != AssignmentStatus.PENDING
        return command.move == AssignmentMove.ACCEPT and held and self._state.holder == command.actor_id

    async def _gate(self, command: AssignmentCommand) -> None:
        """Refuse to complete an installation whose self-test fails, unless with a reason (WORDS 3)."""
        if (
            command.move != AssignmentMove.COMPLETE
            or self._state.onboarding_id is None
            or command.reason.strip()
        ):
            return
        if not await write(
            AssignmentActivities.self_test_passed, self._state.machine_id, summary="self-test passed?"
        ):
            raise to_failure(SelfTestFailing())

    async def _live(self) -> None:
        """Be created, then take one change after the other until the end, or until the history is long."""
        await self._locked(self._create)
        while self._is_open():
            if self._cancel_asked:
                await self._locked(self._cancel_from_temporal)
                continue
            seen = self._state.moves
            self._show()
            await self._tell_others()
            if history_is_long():
                return
            await self._next_change(seen)
        self._show()
        await self._tell_others()

    async def _locked(self, step: Callable[[], Awaitable[None]]) -> None:
        async with self._lock:
            await step()

    def _ask_cancel(self) -> None:
        """*Cancel* pressed in the Temporal UI is the business verb cancel (WORDS 2)."""
        self._cancel_asked = True

    async def _create(self) -> None:
        """Write the row and make the first offer, once."""
        if self._state.created:
            return
        await self._apply(AssignmentMove.OFFER, "created", None)

    async def _next_change(self, seen: int) -> None:
        """Wait for a move after the ``seen`` ones, a cancel or the next deadline of the offer."""
        deadline = next_deadline(self._state)
        timeout = None if deadline is None else max(deadline - workflow.now(), timedelta())
        try:
            await workflow.wait_condition(
                lambda: self._state.moves != seen or self._cancel_asked or history_is_long(),
                timeout=timeout,
                timeout_summary="offer expires" if self._state.reminded else "remind of the offer",
            )
        except TimeoutError:
            async with self._lock:
                if self._state.moves == seen and not self._cancel_asked:
                    await self._offer_deadline()

    async def _offer_deadline(self) -> None:
        """Remind once; the second time give the choice back to the dispatcher."""
        move = AssignmentMove.EXPIRE if self._state.reminded else AssignmentMove.REMIND
        await self._apply(move, f"{move}-{self._state.moves}", None, cause="offer_not_answered")

    async def _cancel_from_temporal(self) -> None:
        if self._is_open():
            await self._apply(
                AssignmentMove.CANCEL, f"temporal-cancel-{self._state.moves}", None, cause="temporal_ui"
            )

    async def _apply(
        self, move: AssignmentMove, source: str, command: AssignmentCommand | None, *, cause: str = ""
    ) -> None:
        """Write a move, then make it the state: the only place where the status changes."""
        before = self._state
        new = after(before, move, command, workflow.now())
        created = before.moves == 0
        record = AssignmentRecord(
            row=_row(new),
            source=source,
            move=move,
            from_status=None if created else before.status,
            at=workflow.now(),
            actor_id=before.assigned_by if created else command.actor_id if command else None,
            cause=cause,
            reason=command.reason if command else "",
            note=command.note if command else "",
            file_ids=command.file_ids if command else [],
            former_assignee=None if created else before.assigned_to,
        )
        await write(
            AssignmentActivities.record_assignment_move,
            record,
            summary=f"{move}: {before.status} → {new.status}",
        )
        self._state = new
        who = f" by {command.actor_name}" if command else f" ({cause})" if cause else ""
        note(new.history, f"{move}{who}")
        self._note_facts(move, before, command)

    def _note_facts(
        self, move: AssignmentMove, before: AssignmentState, command: AssignmentCommand | None
    ) -> None:
        """Note that work begins or ends for the machine, that its installation is over for an onboarding."""
        state = self._state
        was_working = before.status == AssignmentStatus.IN_PROGRESS
        working = state.status == AssignmentStatus.IN_PROGRESS
        if state.task_type in WORK_ON_MACHINE and working != was_working:
            work = WorkSeen(state.assignment_id, working)
            self._to_tell.append((ids.machine_id(state.machine_uuid), "work", work))
        if state.onboarding_id and move in (AssignmentMove.COMPLETE, AssignmentMove.CANCEL):
            done = InstallationDone(
                state.assignment_id, move == AssignmentMove.COMPLETE, command.reason if command else ""
            )
            self._to_tell.append((state.onboarding_id, "installation_done", done))

    async def _tell_others(self) -> None:
        while self._to_tell:
            await tell(*self._to_tell[0])
            self._to_tell.pop(0)

    def _show(self) -> None:
        """Bring search attributes and current details up to date."""
        state = self._state
        index(
            search_attributes.STATUS.value_set(state.status),
            search_attributes.DUE_AT.value_set(state.offer_due_at or state.scheduled_date),
            search_attributes.ASSIGNEE.value_set(str(state.assigned_to))
            if state.assigned_to is not None
            else search_attributes.ASSIGNEE.value_unset(),
        )
        facts = {
            "Status": state.status.value,
            "Owner": state.assignee_name or "dispatcher chooses",
            "Deadline": moment(state.offer_due_at) or f"scheduled {moment(state.scheduled_date)}",
            "Priority": state.priority.value,
            "Photos": str(state.photos),
        }
        show(f"{state.task_type.capitalize()} at {state.machine_name}", facts, state.history)

    def _is_open(self) -> bool:
        return self._state.status in OPEN_STATUSES

    def _view(self) -> AssignmentView:
        state = self._state
        return AssignmentView(
            assignment_id=state.assignment_id,
            status=state.status,
            holder=state.holder,
            assigned_to=state.assigned_to,
            machine_name=state.machine_name,
            photos=state.photos,
        )


def _row(state: AssignmentState) -> AssignmentRow:
    return AssignmentRow(
        assignment_id=state.assignment_id,
        organization_id=state.organization_id,
        machine_id=state.machine_id,
        assigned_by=state.assigned_by,
        assigned_to=state.assigned_to,
        task_type=state.task_type,
        priority=state.priority,
        status=state.status,
        scheduled_date=state.scheduled_date,
        expected_minutes=state.expected_minutes,
        description=state.description,
        offer_due_at=state.offer_due_at,
        version=state.moves,
    )
