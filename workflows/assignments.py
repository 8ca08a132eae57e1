"""The workflow ``task-assignment``: one task at one machine, done by whoever accepts it."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.assignments import AssignmentActivities
    from activities.refusals import refusals, to_failure
    from domain import ids
    from domain.assignment_records import OfferOrder, OfferTerms, WorkBegun, WorkStart
    from domain.assignments import (
        OPEN_STATUSES,
        WORK_ON_MACHINE,
        AssignmentCommand,
        AssignmentMove,
        AssignmentState,
        AssignmentStatus,
        AssignmentView,
        InstallationDone,
    )
    from domain.checklists import failed_critical
    from domain.errors import SelfTestFailing
    from domain.machines import WorkSeen
    from domain.queues import ASSIGNMENT_WORKFLOW
    from workflows.assignment_deadlines import Deadline, ladder_of, next_deadline
    from workflows.assignment_moves import Happening, after, asked_after
    from workflows.assignment_others import begin_follow_up, make_report
    from workflows.assignment_rules import check
    from workflows.assignment_view import record_of, show_assignment, view, works
    from workflows.details import note
    from workflows.escalating import begin_ladder
    from workflows.remembered import recall, remember, update_source
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import tell, write


@workflow.defn(name=ASSIGNMENT_WORKFLOW)
class TaskAssignment:
    """Offered to one after the other or to a pool, accepted, started on site, checked, completed, settled.

    When nobody is left to ask, or it is handed back, it waits for the dispatcher to choose again. It can be
    cancelled until it is completed. A completion can be undone for two minutes; then its effects leave: the
    machine and an onboarding are told, the dispatcher hears of it, access ends, a failed critical step
    becomes a repair.
    """

    @workflow.init
    def __init__(self, state: AssignmentState) -> None:
        self._state = state
        self._cancel_asked = False
        self._to_tell: list[tuple[str, str, object]] = []
        """Facts for other workflows (id, signal, fact): told by the main loop, so that no answer waits."""
        self._follow_up = False
        """Whether a failed step asks for a repair that the main loop has still to create."""
        self._report = False
        """Whether the report of a completion is still to be made."""
        self._lock = asyncio.Lock()  # guards _state between handlers and the main loop

    @workflow.run
    async def run(self, state: AssignmentState) -> AssignmentView:  # noqa: ARG002 - taken by __init__
        """Return how the assignment ended."""
        while self._lives() or self._to_tell or self._follow_up or self._report:
            await uninterrupted(self._live(), self._ask_cancel)
            if self._lives() and not self._cancel_asked and not self._to_tell:
                workflow.continue_as_new(self._state)
        return view(self._state)

    @workflow.update
    async def created(self) -> AssignmentView:
        """Sent by whoever creates the assignment; an update because they need to know that it stands."""
        async with self._lock:
            await self._create()
        return view(self._state)

    @workflow.update
    async def move(self, command: AssignmentCommand) -> AssignmentView:
        """Sent by chat and API for every move of a person; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, AssignmentView)) is not None:
                return answered
            await self._create()
            with refusals():
                check(self._state, command, workflow.now())
            if not self._is_repeat(command):
                await self._gate(command)
                await self._apply(command.move, update_source(), command)
            return remember(self._state.remembered, view(self._state))

    @workflow.signal
    async def withdraw(self, command: AssignmentCommand) -> None:
        """Sent by an onboarding that a person cancelled; a fact: its installation is not wanted any more."""
        async with self._lock:
            await self._create()
            if self._state.status in OPEN_STATUSES:
                await self._apply(
                    command.move, f"withdraw-{self._state.moves}", command, cause="onboarding_cancelled"
                )

    @move.validator
    def _may_move(self, command: AssignmentCommand) -> None:
        if recall(self._state.remembered, AssignmentView) is None:
            with refusals():
                check(self._state, command, workflow.now())

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
        while self._lives():
            if self._cancel_asked:
                await self._locked(self._cancel_from_temporal)
                continue
            seen = self._state.moves
            await self._let_others_know()
            if history_is_long():
                return
            await self._next_change(seen)
        await self._let_others_know()

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
        """Wait for a move after the ``seen`` ones, a cancel or the next deadline."""
        deadline = next_deadline(self._state)
        try:
            await workflow.wait_condition(
                lambda: self._state.moves != seen or self._cancel_asked or history_is_long(),
                timeout=None if deadline is None else max(deadline.at - workflow.now(), timedelta()),
                timeout_summary=None if deadline is None else deadline.what.value,
            )
        except TimeoutError:
            async with self._lock:
                if deadline is not None and self._state.moves == seen and not self._cancel_asked:
                    await self._pass(deadline)

    async def _pass(self, deadline: Deadline) -> None:
        """Make the move that is due, or begin to call about a delay."""
        if isinstance(deadline.what, AssignmentMove):
            source = f"{deadline.what}-{self._state.moves}"
            await self._apply(deadline.what, source, None, cause=deadline.cause)
        elif (ladder := ladder_of(self._state)) is not None:
            await begin_ladder(ladder)
            self._state.ladder = ladder.kind

    async def _cancel_from_temporal(self) -> None:
        """Cancel what is open; what is completed only loses the rest of its time to be undone."""
        self._cancel_asked = False
        if self._lives():
            done = self._state.status == AssignmentStatus.COMPLETED
            move = AssignmentMove.SETTLE if done else AssignmentMove.CANCEL
            source = f"temporal-cancel-{self._state.moves}"
            await self._apply(move, source, None, cause="temporal_ui")

    async def _apply(
        self, move: AssignmentMove, source: str, command: AssignmentCommand | None, *, cause: str = ""
    ) -> None:
        """Write a move, then make it the state: the only place where the status changes."""
        before = self._state
        what = Happening(move, workflow.now(), command)
        if people := asked_after(before, command, move):
            what = dataclasses.replace(what, terms=await self._terms(people, what))
        new = after(before, what)
        summary = f"{move}: {before.status} → {new.status}"
        record = record_of(before, new, what, source, cause)
        if move == AssignmentMove.START:
            proof = command.proof if command else None
            start = WorkStart(record, proof, before.policy.arrival)
            begun: WorkBegun = await write(AssignmentActivities.record_start, start, summary=summary)
            new = after(before, dataclasses.replace(what, begun=begun))
        else:
            await write(AssignmentActivities.record_assignment_move, record, summary=summary)
        self._state = new
        who = f" by {command.actor_name}" if command else f" ({cause})" if cause else ""
        note(new.history, f"{move}{who}")
        self._note_facts(move, before)

    async def _terms(self, people: list[int], what: Happening) -> OfferTerms:
        """Return how long an offer to these people stands: their duty decides."""
        command, state = what.command, self._state
        priority = (command.priority if command else None) or state.priority
        order = OfferOrder(state.organization_id, people, priority, what.at)
        return await write(AssignmentActivities.offer_terms, order, summary="how long the offer stands")

    def _note_facts(self, move: AssignmentMove, before: AssignmentState) -> None:
        """Note that work begins or ends for the machine, that its installation is over for an onboarding."""
        state = self._state
        if state.task_type in WORK_ON_MACHINE and works(state) != works(before):
            work = WorkSeen(state.assignment_id, works(state))
            self._to_tell.append((ids.machine_id(state.machine_uuid), "work", work))
        if before.ladder is not None and state.ladder is None:
            ladder = ids.escalation_id(ids.assignment_id(state.assignment_id))
            self._to_tell.append((ladder, "resolve", move.value))
        settles = state.settled and not before.settled
        if state.onboarding_id and (settles or move == AssignmentMove.CANCEL):
            done = InstallationDone(state.assignment_id, settles, state.override_reason)
            self._to_tell.append((state.onboarding_id, "installation_done", done))
        if settles:
            self._follow_up = bool(failed_critical(state.checklist, state.answers))
            self._report = True

    async def _let_others_know(self) -> None:
        # Other workflows first: what admins see goes with the step that brings their receipts, and the answer
        # to a start does not wait for its index.
        while self._to_tell:
            await tell(*self._to_tell[0])
            self._to_tell.pop(0)
        show_assignment(self._state)
        if self._follow_up:
            await begin_follow_up(self._state)
            self._follow_up = False
        if self._report:
            await make_report(self._state)
            self._report = False

    def _lives(self) -> bool:
        """Whether anything may still happen: a completion can be undone until it has settled."""
        done = self._state.status == AssignmentStatus.COMPLETED
        return self._state.status in OPEN_STATUSES or (done and not self._state.settled)
