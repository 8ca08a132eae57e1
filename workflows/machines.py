"""The workflow ``machine``: one machine for as long as it lives."""

import asyncio
import dataclasses
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from activities.refusals import refusals
    from domain import search_attributes
    from domain.machines import (
        MACHINE,
        Commissioned,
        Connection,
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
    from workflows.details import index, moment, note, show
    from workflows.machine_rules import (
        check,
        connection_after,
        next_deadline,
        steady_at,
        with_connection,
    )
    from workflows.remembered import recall, remember, update_source
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import write

Fact = ConnectionSeen | WorkSeen | Commissioned | DeviceBound | MachineMove


@workflow.defn(name=MACHINE_WORKFLOW)
class MachineLife:
    """Online and offline with flaps damped, outages told, work and commissioning reflected, until retired.

    Facts arrive as signals from fleet-watch, assignments, onboarding and handshakes, and are taken one after
    the other by the main loop; people's moves arrive as updates.
    """

    @workflow.init
    def __init__(self, state: MachineState) -> None:
        self._state = state
        self._inbox: list[Fact] = []
        self._lock = asyncio.Lock()  # guards _state between the update handler and the main loop

    @workflow.run
    async def run(self, state: MachineState) -> MachineView:  # noqa: ARG002 - taken by __init__
        """Return the machine as it was when it was retired."""
        while True:
            await uninterrupted(self._live(), self._refuse_cancel)
            if self._state.retired:
                return self._view()
            if not self._inbox:
                workflow.continue_as_new(self._state)

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
                check(self._state, command)
            await self._move_status(command.move, update_source(), command=command)
            return remember(self._state.remembered, self._view())

    @move.validator
    def _may_move(self, command: MachineCommand) -> None:
        if recall(self._state.remembered, MachineView) is None:
            with refusals():
                check(self._state, command)

    async def _live(self) -> None:
        """Take one fact after the other until the machine is retired, or until the history is long."""
        while not self._state.retired:
            self._show()
            await self._next_fact()
            if history_is_long() and not self._inbox:
                return
        self._show()

    def _refuse_cancel(self) -> None:
        """The table has no cancel for a machine: refused, and said where the admin looks (WORDS 2)."""
        note(self._state.history, "cancel refused: retire the machine instead")
        self._show()

    async def _next_fact(self) -> None:
        """Wait for a fact, a person's move or the next deadline."""
        seen = self._state.moves
        deadline = next_deadline(self._state)
        timeout = None if deadline is None else max(deadline - workflow.now(), timedelta())
        try:
            await workflow.wait_condition(
                lambda: bool(self._inbox) or self._state.moves != seen or history_is_long(),
                timeout=timeout,
                timeout_summary="outage",
            )
        except TimeoutError:
            async with self._lock:
                await self._deadline_passed()
        while self._inbox:
            async with self._lock:
                await self._take(self._inbox.pop(0))

    async def _take(self, fact: Fact) -> None:
        """Reflect one fact; a machine that is retired hears nothing any more."""
        if self._state.retired:
            return
        if isinstance(fact, ConnectionSeen):
            await self._connection_seen(fact)
        elif isinstance(fact, WorkSeen):
            await self._work_seen(fact)
        elif isinstance(fact, DeviceBound):
            self._state.edge_id = fact.edge_id
            note(
                self._state.history, f"device {'replaced' if fact.replaced else 'bound'}: {fact.hardware_id}"
            )
        elif isinstance(fact, Commissioned):
            if self._state.status == MachineStatus.INACTIVE:
                await self._move_status(
                    MachineMove.COMMISSION, f"commission-{self._state.moves}", cause="onboarding"
                )
        else:
            await self._move_status(fact, f"{fact}-{self._state.moves}", cause="onboarding")

    async def _connection_seen(self, seen: ConnectionSeen) -> None:
        """Turn online or offline on evidence newer than what is known; a double report changes nothing."""
        state = self._state
        connection = connection_after(state, seen)
        state.last_beat_at = max(seen.last_beat_at, state.last_beat_at or seen.last_beat_at)
        if connection is None:
            return
        after, notice = with_connection(state, connection, workflow.now())
        cause = "missed_beats" if connection == Connection.OFFLINE else "beat"
        await self._record(after, connection, cause=cause, notice=notice, to=connection, was=state.connection)

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

    async def _deadline_passed(self) -> None:
        state, now = self._state, workflow.now()
        deadline, steady = next_deadline(state), steady_at(state)
        if state.retired or deadline is None or now < deadline:
            return
        if steady is not None and now >= steady:
            after = dataclasses.replace(state, unstable=False, changes=[])
            await self._record(after, "steady", cause="flap_window")
        elif not state.alerted:
            await self._record(
                dataclasses.replace(state, alerted=True),
                "outage",
                cause="outage_alert",
                notice="machine_offline_long",
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
        policy = await write(MachineActivities.record_machine_move, record, summary=f"{action}: {was} → {to}")
        self._state = after if policy is None else dataclasses.replace(after, policy=policy)
        note(after.history, f"{action}{f' ({cause})' if cause else ''}")

    def _show(self) -> None:
        state = self._state
        index(search_attributes.STATUS.value_set(f"{state.status}/{state.connection}"))
        facts = {
            "Status": state.status.value,
            "Connection": f"{state.connection}{' (unstable)' if state.unstable else ''}",
            "Since": moment(state.since),
            "Box": state.edge_id,
            "Work": ", ".join(f"assignment {number}" for number in state.work),
            "Next deadline": moment(next_deadline(self._state)),
        }
        show(state.name, facts, state.history)

    def _view(self) -> MachineView:
        state = self._state
        return MachineView(state.machine_id, state.name, state.status, state.connection)
