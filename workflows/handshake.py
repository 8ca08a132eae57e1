"""The workflow ``device-handshake``: a first binding, a conflict, or a replacement."""

import asyncio
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from activities.refusals import refusals
    from domain import ids, search_attributes
    from domain.errors import NotPossibleNow
    from domain.handshake import (
        BindDevice,
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
    from workflows.details import note, show
    from workflows.remembered import recall, remember, update_source
    from workflows.write_path import tell, write


@workflow.defn(name=HANDSHAKE_WORKFLOW)
class DeviceHandshake:
    """Bind the hardware once; a conflict waits for an admin's "replace device" while the box is told to come back.

    A refusal is repeated to the box for a day, so that its retries do not open a new conflict each time.
    """

    @workflow.init
    def __init__(self, state: HandshakeInput) -> None:
        self._state = state
        self._lock = asyncio.Lock()  # guards _state between handlers

    @workflow.run
    async def run(self, state: HandshakeInput) -> HandshakeAnswer:  # noqa: ARG002 - taken by __init__
        """Return how the handshake ended."""
        self._show()
        try:
            await workflow.wait_condition(
                lambda: self._state.state in (HandshakeState.BOUND, HandshakeState.REFUSED),
                timeout=timedelta(seconds=self._state.pending_s),
                timeout_summary="conflict nobody answered",
            )
        except TimeoutError:
            await self._refuse(f"expired-{self._state.moves}", None, cause="nobody_answered")
        except asyncio.CancelledError:
            await self._refuse(f"temporal-cancel-{self._state.moves}", None, cause="temporal_ui")
        if self._state.state == HandshakeState.REFUSED:
            await self._stay_refused()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._answer()

    @workflow.update
    async def present(self, hardware: PresentedHardware) -> HandshakeAnswer:
        """Sent by the HTTP door for a box that is not bound; an update because the box waits for the answer.

        It never waits for a person: a conflict is answered with "pending".
        """
        async with self._lock:
            if self._state.state == HandshakeState.UNBOUND or self._is_other(hardware):
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

    def _is_other(self, hardware: PresentedHardware) -> bool:
        """Whether a third box appears while another's conflict waits."""
        state = self._state
        pending = state.state == HandshakeState.PENDING
        return pending and state.presented is not None and state.presented.hardware_id != hardware.hardware_id

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
        state.presented = hardware
        state.moves += 1
        if not result.bound:
            state.state, state.conflict, state.conflict_with = (
                HandshakeState.PENDING,
                result.conflict,
                result.conflict_with,
            )
            await self._record(f"conflict-{source}", "conflict", None)
            return
        state.state, state.conflict = HandshakeState.BOUND, None
        note(state.history, f"bound {hardware.hardware_id}{f' by {command.actor_name}' if command else ''}")
        self._show()
        if state.machine_uuid is not None:
            fact = DeviceBound(state.edge_id, hardware.hardware_id, workflow.now(), result.replaced)
            await tell(ids.machine_id(state.machine_uuid), "device_bound", fact)
            await tell(ids.onboarding_id(state.machine_uuid), "device_bound", fact)

    async def _refuse(self, source: str, command: HandshakeCommand | None, *, cause: str = "") -> None:
        self._state.state = HandshakeState.REFUSED
        await self._record(source, "refuse", command, cause=cause)

    async def _record(
        self, source: str, action: str, command: HandshakeCommand | None, *, cause: str = ""
    ) -> None:
        state = self._state
        if state.presented is None:
            return
        waits = state.state == HandshakeState.PENDING
        record = ConflictRecord(
            edge_server_id=state.edge_server_id,
            organization_id=state.organization_id,
            source=f"{workflow.info().run_id}-{source}",
            action=action,
            at=workflow.now(),
            hardware_id=state.presented.hardware_id,
            conflict=state.conflict if waits else None,
            conflict_with=state.conflict_with,
            actor_id=command.actor_id if command else None,
            cause=cause,
        )
        await write(MachineActivities.record_conflict, record, summary=f"{action} {record.hardware_id}")
        note(state.history, f"{action}{f' by {command.actor_name}' if command else ''}{f' ({cause})' if cause else ''}")
        self._show()

    async def _stay_refused(self) -> None:
        """Answer the box's retries for a while; a cancel in the Temporal UI ends it at once."""
        try:
            await workflow.sleep(timedelta(seconds=self._state.refused_s), summary="refusal stands")
        except asyncio.CancelledError:
            note(self._state.history, "refusal lifted (temporal_ui)")

    def _show(self) -> None:
        state = self._state
        workflow.upsert_search_attributes([search_attributes.STATUS.value_set(state.state)])
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
