"""The workflow ``device-handshake``: a first binding, a conflict, or a replacement."""

import asyncio
from datetime import timedelta
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from activities.refusals import refusals
    from domain import ids, search_attributes
    from domain.errors import NotPossibleNow
    from domain.handshake import (
        BindDevice,
        ConflictKind,
        ConflictRecord,
        HandshakeAnswer,
        HandshakeCommand,
        HandshakeInput,
        HandshakeMove,
        HandshakeState,
        PresentedHardware,
    )
    from domain.machines import DeviceBound
    from domain.queues import HANDSHAKE_WORKFLOW
    from workflows.details import index, note, show
    from workflows.remembered import recall, remember, update_source
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import tell, write


@workflow.defn(name=HANDSHAKE_WORKFLOW)
class DeviceHandshake:
    """Bind the hardware once; a conflict waits for an admin's "replace device", the box is told to come back.

    A refusal is repeated to that box for a day, so that its retries do not open a new conflict each time.
    """

    @workflow.init
    def __init__(self, state: HandshakeInput) -> None:
        self._state = state
        self._cancel_asked = False
        self._refusal_over = False
        self._lock = asyncio.Lock()  # guards _state between the handlers and the main loop

    @workflow.run
    async def run(self, state: HandshakeInput) -> HandshakeAnswer:  # noqa: ARG002 - taken by __init__
        """Return how the handshake ended."""
        while not self._is_over():
            await uninterrupted(self._live(), self._ask_cancel)
            if not self._is_over() and not self._cancel_asked:
                workflow.continue_as_new(self._state)
        return self._answer()

    @workflow.update
    async def present(self, hardware: PresentedHardware) -> HandshakeAnswer:
        """Sent by the HTTP door for a box that is not bound; an update because the box waits for the answer.

        It never waits for a person: a conflict is answered with "pending". The answer is about this box: one
        that comes while another is bound, waits or was refused is looked at anew.
        """
        async with self._lock:
            known = self._state.presented
            if known is None or known.hardware_id != hardware.hardware_id:
                await self._bind(hardware, update_source())
            return self._answer()

    @workflow.update
    async def move(self, command: HandshakeCommand) -> HandshakeAnswer:
        """Sent by chat for an admin's answer to a conflict; an update because the admin needs the result."""
        async with self._lock:
            if (answered := recall(self._state.remembered, HandshakeAnswer)) is not None:
                return answered
            with refusals():
                self._check(command)
            if command.move == HandshakeMove.REPLACE and self._state.presented is not None:
                await self._bind(self._state.presented, update_source(), command)
            else:
                await self._refuse(update_source(), command)
            return remember(self._state.remembered, self._answer())

    @move.validator
    def _may_move(self, command: HandshakeCommand) -> None:
        if recall(self._state.remembered, HandshakeAnswer) is None:
            with refusals():
                self._check(command)

    def _check(self, command: HandshakeCommand) -> None:
        if self._state.state != HandshakeState.PENDING:
            raise NotPossibleNow(noun="handshake", status=self._state.state.value, move=command.move.value)

    async def _live(self) -> None:
        """Wait for an admin, for the end of a refusal, or for a cancel, until nothing is left to wait for."""
        while not self._is_over() and (self._cancel_asked or not history_is_long()):
            self._show()
            seen = self._state.moves
            ends_at = self._state.ends_at or workflow.now() + timedelta(seconds=self._state.pending_s)
            self._state.ends_at = ends_at
            try:
                await workflow.wait_condition(
                    partial(self._has_changed, seen),
                    timeout=max(ends_at - workflow.now(), timedelta()),
                    timeout_summary="refusal stands" if self._is_refused() else "conflict nobody answered",
                )
            except TimeoutError:
                await self._stop_waiting(seen, "nobody_answered")
            if self._cancel_asked:
                self._cancel_asked = False
                await self._stop_waiting(self._state.moves, "temporal_ui")

    async def _stop_waiting(self, seen: int, cause: str) -> None:
        """Refuse the conflict that waits, or lift the refusal that stands, unless something has happened."""
        async with self._lock:
            if self._state.moves != seen or self._is_over():
                return
            if self._is_refused():
                self._refusal_over = True
            else:
                await self._refuse(f"{cause}-{seen}", None, cause=cause)

    def _has_changed(self, seen: int) -> bool:
        return self._state.moves != seen or self._cancel_asked or history_is_long()

    def _ask_cancel(self) -> None:
        self._cancel_asked = True

    def _is_refused(self) -> bool:
        return self._state.state == HandshakeState.REFUSED

    def _is_over(self) -> bool:
        return self._state.state == HandshakeState.BOUND or self._refusal_over

    async def _bind(
        self, hardware: PresentedHardware, source: str, command: HandshakeCommand | None = None
    ) -> None:
        state = self._state
        order = BindDevice(
            edge_server_id=state.edge_server_id,
            organization_id=state.organization_id,
            machine_id=state.machine_id,
            hardware=hardware,
            source=source,
            at=workflow.now(),
            replace=command is not None,
            actor_id=command.actor_id if command else None,
        )
        result = await write(MachineActivities.bind_device, order, summary=f"bind {hardware.hardware_id}")
        was_waiting = state.state == HandshakeState.PENDING
        state.presented = hardware
        state.moves += 1
        if not result.bound:
            state.conflict, state.conflict_with = result.conflict, result.conflict_with
            state.state = HandshakeState.PENDING
            self._refusal_over = False
            if not was_waiting:
                state.ends_at = workflow.now() + timedelta(seconds=state.pending_s)
            cause = "another_device" if was_waiting else ""
            await self._record(f"conflict-{source}", "conflict", None, cause=cause, conflict=result.conflict)
            return
        state.state, state.conflict = HandshakeState.BOUND, None
        note(state.history, f"bound {hardware.hardware_id}{f' by {command.actor_name}' if command else ''}")
        self._show()
        await self._tell_bound(hardware, replaced=result.replaced)

    async def _tell_bound(self, hardware: PresentedHardware, *, replaced: bool) -> None:
        """Tell the machine and its onboarding, if there is one still, that a device is bound."""
        state = self._state
        if state.machine_uuid is None:
            return
        fact = DeviceBound(state.edge_id, hardware.hardware_id, workflow.now(), replaced)
        await tell(ids.machine_id(state.machine_uuid), "device_bound", fact)
        await tell(ids.onboarding_id(state.machine_uuid), "device_bound", fact)

    async def _refuse(self, source: str, command: HandshakeCommand | None, *, cause: str = "") -> None:
        await self._record(source, "refuse", command, cause=cause)
        state = self._state
        state.state = HandshakeState.REFUSED
        state.ends_at = workflow.now() + timedelta(seconds=state.refused_s)
        state.moves += 1
        self._show()

    async def _record(
        self,
        source: str,
        action: str,
        command: HandshakeCommand | None,
        *,
        cause: str = "",
        conflict: ConflictKind | None = None,
    ) -> None:
        state = self._state
        if state.presented is None:
            return
        record = ConflictRecord(
            edge_server_id=state.edge_server_id,
            organization_id=state.organization_id,
            source=f"{workflow.info().run_id}-{source}",
            action=action,
            at=workflow.now(),
            hardware_id=state.presented.hardware_id,
            conflict=conflict,
            conflict_with=state.conflict_with,
            actor_id=command.actor_id if command else None,
            cause=cause,
        )
        await write(MachineActivities.record_conflict, record, summary=f"{action} {record.hardware_id}")
        by = f" by {command.actor_name}" if command else f" ({cause})" if cause else ""
        note(state.history, f"{action}{by}")
        self._show()

    def _show(self) -> None:
        state = self._state
        index(search_attributes.STATUS.value_set(state.state))
        facts = {
            "State": state.state.value,
            "Hardware": state.presented.hardware_id if state.presented else "",
            "Conflict": f"{state.conflict} with {state.conflict_with}" if state.conflict else "",
            "Owner": "admins" if state.state == HandshakeState.PENDING else "",
        }
        show(f"Handshake of {state.machine_name or state.edge_id}", facts, state.history)

    def _answer(self) -> HandshakeAnswer:
        state = self._state
        bound_at = workflow.now() if state.state == HandshakeState.BOUND else None
        return HandshakeAnswer(state.state, state.edge_id, state.conflict, bound_at)
