"""The workflow ``ticket``: one trouble of one pharmacy."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.refusals import refusals
    from activities.tickets import TicketActivities
    from domain import search_attributes
    from domain.queues import TICKET_WORKFLOW
    from domain.ticket_records import TicketCommand, TicketRecord
    from domain.tickets import TicketMove, TicketPolicy, TicketState, TicketStatus, TicketView
    from workflows.details import index, moment, note, show
    from workflows.remembered import recall, remember, update_source
    from workflows.ticket_changes import FIRST_ANSWER, SOLUTION, after, due_at, next_deadline, opened, retimed
    from workflows.ticket_ladder import follow
    from workflows.ticket_rules import check, reopens_until
    from workflows.ticket_views import row_of, times_of, view_of
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import write


@workflow.defn(name=TICKET_WORKFLOW)
class TicketLife:
    """Opened, taken, forwarded, asked back, solved, confirmed, rated, closed; seven days open to be reopened.

    Two clocks in business time, first answer and solution, rest exactly while the customer is waited for and
    never run after solved. A breach starts a ladder; a silent customer is reminded, then the ticket closes.
    """

    @workflow.init
    def __init__(self, state: TicketState) -> None:
        self._state = state
        self._policy: TicketPolicy | None = None
        self._cancel_asked = False
        self._lock = asyncio.Lock()  # guards _state between handlers and the main loop

    @workflow.run
    async def run(self, state: TicketState) -> TicketView:  # noqa: ARG002 - taken by __init__
        """Return how the ticket ended."""
        while not self._is_over():
            await uninterrupted(self._live(), self._ask_cancel)
            if not self._is_over() and not self._cancel_asked and self._policy is None:
                workflow.continue_as_new(self._state)
        return view_of(self._state)

    @workflow.update
    async def opened(self) -> TicketView:
        """Sent by whoever opens the ticket; an update because they need to know that it stands."""
        async with self._lock:
            await self._create()
        return view_of(self._state)

    @workflow.update
    async def move(self, command: TicketCommand) -> TicketView:
        """Sent by chat and API for every move of a person; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, TicketView)) is not None:
                return answered
            await self._create()
            with refusals():
                check(self._state, command, workflow.now())
            if not self._is_repeat(command):
                await self._apply(self._meant(command), update_source(), command)
            return remember(self._state.remembered, view_of(self._state))

    @move.validator
    def _may_move(self, command: TicketCommand) -> None:
        if recall(self._state.remembered, TicketView) is None:
            with refusals():
                check(self._state, command, workflow.now())

    @workflow.signal
    def policy_changed(self, policy: TicketPolicy) -> None:
        """Sent when an admin changes targets or calendar; a fact: what is due is reckoned anew."""
        self._policy = policy

    def _meant(self, command: TicketCommand) -> TicketMove:
        """Return what a command comes to: words of the customer who is waited for are the answer."""
        waits = self._state.status == TicketStatus.WAITING_CUSTOMER
        if command.move == TicketMove.COMMENT and waits and not command.actor_is_staff:
            return TicketMove.ANSWER
        return command.move

    def _is_repeat(self, command: TicketCommand) -> bool:
        """Whether a person takes what they have already."""
        holder = self._state.tech_id if self._state.tech_id is not None else self._state.expert_id
        taken = self._state.status != TicketStatus.OPEN
        return command.move == TicketMove.TAKE and taken and holder == command.actor_id

    async def _live(self) -> None:
        """Be opened, then take one change after the other until the end, or until the history is long."""
        await self._locked(self._create)
        while not self._is_over():
            if self._cancel_asked:
                self._cancel_asked = False
                note(self._state.history, "cancel refused: close the ticket instead")
            if self._policy is not None:
                await self._locked(self._retime)
            seen = self._state.moves
            self._show()
            await follow(self._state)
            if history_is_long():
                return
            await self._next_change(seen)
        self._show()
        await follow(self._state)

    async def _locked(self, step: Callable[[], Awaitable[None]]) -> None:
        async with self._lock:
            await step()

    def _ask_cancel(self) -> None:
        """The table has no cancel for a ticket: refused, and said where the admin looks (WORDS 2)."""
        self._cancel_asked = True

    async def _create(self) -> None:
        """Write the row and start the clocks, once."""
        if not self._state.created:
            await self._write(opened(self._state, workflow.now()), TicketMove.OPEN, "opened", None)

    async def _next_change(self, seen: int) -> None:
        """Wait for a move after the ``seen`` ones, another policy, a cancel, or the next deadline."""
        deadline, until = next_deadline(self._state), reopens_until(self._state)
        at = until if deadline is None else deadline.at
        try:
            await workflow.wait_condition(
                lambda: self._state.moves != seen or self._is_disturbed(),
                timeout=None if at is None else max(at - workflow.now(), timedelta()),
                timeout_summary=f"{deadline.move}: {deadline.cause}" if deadline else "reopened no more",
            )
        except TimeoutError:
            async with self._lock:
                if deadline is not None and self._state.moves == seen and not self._is_disturbed():
                    await self._apply(deadline.move, f"{deadline.move}-{seen}", None, cause=deadline.cause)

    def _is_disturbed(self) -> bool:
        return self._cancel_asked or self._policy is not None or history_is_long()

    async def _retime(self) -> None:
        policy, self._policy = self._policy, None
        if policy is not None and policy != self._state.policy:
            new = retimed(self._state, policy, workflow.now())
            await self._write(new, TicketMove.RETIME, f"retime-{self._state.moves}", None, cause="policy")

    async def _apply(
        self, move: TicketMove, source: str, command: TicketCommand | None, *, cause: str = ""
    ) -> None:
        new = after(self._state, move, command, workflow.now())
        if move == TicketMove.WARN:
            new.warned = [*new.warned, cause]
        elif move == TicketMove.BREACH:
            new.breached = [*new.breached, cause]
        await self._write(new, move, source, command, cause=cause)

    async def _write(
        self,
        new: TicketState,
        move: TicketMove,
        source: str,
        command: TicketCommand | None,
        *,
        cause: str = "",
    ) -> None:
        """Write a move, then make it the state: the only place where the ticket changes."""
        before = self._state
        record = TicketRecord(
            row=row_of(new),
            source=source,
            move=move,
            from_status=before.status if before.created else None,
            at=workflow.now(),
            actor_id=command.actor_id if command else None if before.created else before.opened_by,
            by_staff=command.actor_is_staff if command else False,
            cause=cause,
            reason=command.reason if command else "",
            note=command.note if command else "",
            details=times_of(before, new),
            draft=before.draft,
            file_ids=command.file_ids if command else [],
            file_message_ids=command.file_message_ids if command else [],
            origin_chat_id=command.origin_chat_id if command else None,
            origin_message_ids=command.origin_message_ids if command else [],
            attachment_id=command.attachment_id if command else None,
            machine_id=command.machine_id if command else None,
            merged_into=new.merged_into,
            former_holder=before.tech_id if before.tech_id is not None else before.expert_id,
        )
        summary = f"{move}: {before.status} → {new.status}"
        await write(TicketActivities.record_ticket_move, record, summary=summary)
        new.draft = None
        self._state = new
        who = f" by {command.actor_name}" if command else f" ({cause})" if cause else ""
        note(new.history, f"{move}{who}")

    def _show(self) -> None:
        """Bring search attributes and current details up to date."""
        state = self._state
        holder = state.tech_id if state.tech_id is not None else state.expert_id
        deadline = next_deadline(state)
        due = deadline.at if deadline else reopens_until(state) or workflow.now()
        index(
            search_attributes.STATUS.value_set(state.status),
            search_attributes.PRIORITY.value_set(state.priority),
            search_attributes.DUE_AT.value_set(due),
            search_attributes.ASSIGNEE.value_set(str(holder))
            if holder is not None
            else search_attributes.ASSIGNEE.value_unset(),
        )
        facts = {
            "Status": state.status.value,
            "Owner": state.tech_name or state.expert_name or "nobody yet",
            "First answer due": moment(due_at(state, FIRST_ANSWER)),
            "Solution due": moment(due_at(state, SOLUTION)),
            "Next": f"{deadline.move} ({deadline.cause}) {moment(deadline.at)}" if deadline else "",
            "Reopens until": moment(reopens_until(state)),
            "Priority": state.priority.value,
        }
        show(state.number, facts, state.history)

    def _is_over(self) -> bool:
        """Whether nothing can happen any more: closed, and the days to reopen it have passed."""
        until = reopens_until(self._state)
        return until is not None and (bool(self._state.merged_into) or workflow.now() >= until)
