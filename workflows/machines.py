"""The workflow ``machine``: one machine for as long as it lives."""

import asyncio
import dataclasses
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from activities.refusals import refusals, to_failure
    from domain import search_attributes
    from domain.errors import Closed
    from domain.machines import (
        CONNECTION,
        MACHINE,
        Commissioned,
        Connection,
        ConnectionMove,
        ConnectionSeen,
        DeviceBound,
        MachineCommand,
        MachineMove,
        MachineRecord,
        MachineState,
        MachineStatus,
        MachineView,
        WorkSeen,
    )
    from domain.queues import MACHINE_WORKFLOW
    from workflows.details import moment, note, show
    from workflows.remembered import recall, remember, update_source
    from workflows.write_path import write

Fact = ConnectionSeen | WorkSeen | Commissioned | DeviceBound | MachineMove


@workflow.defn(name=MACHINE_WORKFLOW)
class MachineLife:
    """Online and offline with flaps damped, long outages told, work and commissioning reflected, until retired.

    Facts arrive as signals from fleet-watch, assignments, onboarding and handshakes, and are taken one after the
    other by the main loop; people's moves arrive as updates.
    """

    @workflow.init
    def __init__(self, state: MachineState) -> None:
        self._state = state
        self._inbox: list[Fact] = []
        self._lock = asyncio.Lock()  # guards _state between the update handler and the main loop

    @workflow.run
    async def run(self, state: MachineState) -> MachineView:  # noqa: ARG002 - taken by __init__
        """Return the machine as it was when it was retired."""
        while not self._state.retired:
            self._show()
            try:
                await self._next_fact()
            except asyncio.CancelledError:
                # The table has no cancel for a machine: refused, and said where the admin looks (WORDS 2).
                note(self._state.history, "cancel refused: retire the machine instead")
            if workflow.info().is_continue_as_new_suggested() and not self._state.retired and not self._inbox:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(self._state)
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._show()
        return self._view()

    @workflow.signal
    def connection(self, seen: ConnectionSeen) -> None:
        """Sent by fleet-watch; a signal because it is a fact that nobody waits for."""
        self._inbox.append(seen)

    @workflow.signal
    def work(self, seen: WorkSeen) -> None:
        """Sent by an assignment when work begins or ends; a fact."""
        self._inbox.append(seen)

    @workflow.signal
    def commissioned(self, fact: Commissioned) -> None:
        """Sent by onboarding when the machine goes into service; a fact."""
        self._inbox.append(fact)

    @workflow.signal
    def device_bound(self, fact: DeviceBound) -> None:
        """Sent by a handshake; a fact."""
        self._inbox.append(fact)

    @workflow.signal
    def withdraw(self) -> None:
        """Sent by an onboarding that was cancelled; a fact: the machine never went into service."""
        self._inbox.append(MachineMove.RETIRE)

    @workflow.update
    async def move(self, command: MachineCommand) -> MachineView:
        """Sent by chat and API for a person's move; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, MachineView)) is not None:
                return answered
            with refusals():
                self._check(command)
            await self._move_status(command.move, update_source(), command=command)
            return remember(self._state.remembered, self._view())

    @move.validator
    def _may_move(self, command: MachineCommand) -> None:
        if recall(self._state.remembered, MachineView) is None:
            with refusals():
                self._check(command)

    def _check(self, command: MachineCommand) -> None:
        if self._state.retired:
            raise Closed(noun="machine", status="retired")
        if MACHINE.permission(self._state.status, command.move) is None:
            raise to_failure(Closed(noun="machine", status=self._state.status.value))

    async def _next_fact(self) -> None:
        """Wait for a fact, a person's move or the next deadline."""
        seen = self._state.moves
        deadline = self._deadline()
        timeout = None if deadline is None else max(deadline - workflow.now(), timedelta())
        try:
            await workflow.wait_condition(
                lambda: bool(self._inbox) or self._state.moves != seen, timeout=timeout, timeout_summary="outage"
            )
        except TimeoutError:
            async with self._lock:
                await self._deadline_passed()
        while self._inbox:
            async with self._lock:
                await self._take(self._inbox.pop(0))

    async def _take(self, fact: Fact) -> None:
        """Reflect one fact."""
        if isinstance(fact, ConnectionSeen):
            await self._connection_seen(fact)
        elif isinstance(fact, WorkSeen):
            await self._work_seen(fact)
        elif isinstance(fact, DeviceBound):
            self._state.edge_id = fact.edge_id
            note(self._state.history, f"device {'replaced' if fact.replaced else 'bound'}: {fact.hardware_id}")
        elif isinstance(fact, Commissioned):
            if self._state.status == MachineStatus.INACTIVE:
                await self._move_status(MachineMove.COMMISSION, f"commission-{self._state.moves}", cause="onboarding")
        else:
            await self._move_status(fact, f"{fact}-{self._state.moves}", cause="onboarding")

    async def _connection_seen(self, seen: ConnectionSeen) -> None:
        """Turn online or offline on evidence newer than what is known; a double report changes nothing."""
        state = self._state
        if state.last_beat_at is not None and seen.last_beat_at < state.last_beat_at:
            return
        known = state.last_beat_at
        state.last_beat_at = seen.last_beat_at
        move = ConnectionMove.CONNECT if seen.connection == Connection.ONLINE else ConnectionMove.LOSE
        if (state.connection, move) not in CONNECTION.rows:
            return
        if move == ConnectionMove.CONNECT and seen.last_beat_at == known:
            return
        await self._change_connection(CONNECTION.target(state.connection, move))

    async def _change_connection(self, connection: Connection) -> None:
        state = self._state
        before, now = state.connection, workflow.now()
        window = timedelta(seconds=state.policy.flap_window_s)
        changes = [at for at in state.changes if now - at < window]
        if before != Connection.WAITING:
            changes.append(now)
        unstable = state.unstable or len(changes) >= state.policy.flap_changes
        notice = "machine_unstable" if unstable and not state.unstable else ""
        if connection == Connection.ONLINE and state.alerted and not unstable:
            notice = "machine_online"
        after = dataclasses.replace(
            state, connection=connection, since=now, changes=changes, unstable=unstable, alerted=False, proposed=False
        )
        cause = "missed_beats" if connection == Connection.OFFLINE else "beat"
        await self._record(after, connection.value, cause=cause, notice=notice, to=connection.value, was=before.value)

    async def _work_seen(self, seen: WorkSeen) -> None:
        """Hold the machine in maintenance while any assignment works on it (WORDS 2)."""
        state = self._state
        work = [number for number in state.work if number != seen.assignment_id]
        if seen.working:
            work.append(seen.assignment_id)
        state.work = work
        move = MachineMove.BEGIN_WORK if work else MachineMove.END_WORK
        if (state.status, move) in MACHINE.rows:
            await self._move_status(move, f"{move}-{state.moves}", cause=f"assignment-{seen.assignment_id}")

    async def _move_status(
        self, move: MachineMove, source: str, *, command: MachineCommand | None = None, cause: str = ""
    ) -> None:
        before = self._state
        after = dataclasses.replace(
            before, status=MACHINE.target(before.status, move), retired=move == MachineMove.RETIRE
        )
        await self._record(
            after,
            move.value,
            source=source,
            cause=cause,
            command=command,
            was=before.status.value,
            to=after.status.value,
        )

    def _deadline(self) -> datetime | None:
        """Return when an outage is told next, or when an unstable machine counts as steady again."""
        state = self._state
        due: list[datetime] = []
        in_service = state.status != MachineStatus.INACTIVE
        if state.connection == Connection.OFFLINE and state.since is not None and in_service:
            if not state.alerted:
                due.append(state.since + timedelta(seconds=state.policy.outage_alert_s))
            elif not state.proposed:
                due.append(state.since + timedelta(seconds=state.policy.outage_proposal_s))
        if state.unstable and state.changes:
            due.append(state.changes[-1] + timedelta(seconds=state.policy.flap_window_s))
        return min(due, default=None)

    async def _deadline_passed(self) -> None:
        state, now = self._state, workflow.now()
        deadline = self._deadline()
        if deadline is None or now < deadline:
            return
        window = timedelta(seconds=state.policy.flap_window_s)
        if state.unstable and state.changes and now >= state.changes[-1] + window:
            await self._record(dataclasses.replace(state, unstable=False, changes=[]), "steady", cause="flap_window")
        elif not state.alerted:
            await self._record(
                dataclasses.replace(state, alerted=True), "outage", cause="outage_alert", notice="machine_offline_long"
            )
        else:
            after = dataclasses.replace(state, proposed=True)
            await self._record(
                after, "repair_proposed", cause="outage_proposal", notice="machine_outage_proposal"
            )

    async def _record(  # noqa: PLR0913 - each is one fact of the event
        self,
        after: MachineState,
        action: str,
        *,
        cause: str = "",
        notice: str = "",
        source: str = "",
        command: MachineCommand | None = None,
        was: str = "",
        to: str = "",
    ) -> None:
        """Write a change, then make it the state: the only place where the machine changes."""
        after.moves = self._state.moves + 1
        record = MachineRecord(
            machine_id=after.machine_id,
            organization_id=after.organization_id,
            source=source or f"{action}-{after.moves}",
            action=action,
            status=after.status,
            connection=after.connection,
            connection_since=after.since,
            unstable=after.unstable,
            at=workflow.now(),
            from_status=was,
            to_status=to,
            retired=after.retired,
            actor_id=command.actor_id if command else None,
            cause=cause,
            reason=command.reason if command else "",
            notice=notice,
        )
        await write(MachineActivities.record_machine_move, record, summary=f"{action}: {was} → {to}")
        self._state = after
        note(after.history, f"{action}{f' ({cause})' if cause else ''}")

    def _show(self) -> None:
        state = self._state
        workflow.upsert_search_attributes(
            [search_attributes.STATUS.value_set(f"{state.status}/{state.connection}")]
        )
        facts = {
            "Status": state.status.value,
            "Connection": f"{state.connection}{' (unstable)' if state.unstable else ''}",
            "Since": moment(state.since),
            "Box": state.edge_id,
            "Work": ", ".join(f"assignment {number}" for number in state.work),
            "Next deadline": moment(self._deadline()),
        }
        show(state.name, facts, state.history)

    def _view(self) -> MachineView:
        state = self._state
        return MachineView(state.machine_id, state.name, state.status, state.connection)
