"""The workflow ``machine-onboarding``: from a name on a form to a machine in service (WORDS 3)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.machines import MachineActivities
    from activities.refusals import refusals
    from domain import ids
    from domain.assignments import InstallationDone
    from domain.machines import Commissioned, DeviceBound
    from domain.onboarding import (
        OPEN_STEPS,
        OnboardingCommand,
        OnboardingMove,
        OnboardingState,
        OnboardingStep,
        OnboardingView,
    )
    from domain.queues import ONBOARDING_WORKFLOW
    from workflows.details import note
    from workflows.onboarding_others import begin_machine_life, offer_installation, take_back
    from workflows.onboarding_registration import register, reissue_key
    from workflows.onboarding_rules import check, key_expires_at, next_reminder_s
    from workflows.onboarding_view import show_onboarding, step_record, view
    from workflows.remembered import recall, remember, update_source
    from workflows.self_test import self_test
    from workflows.uninterrupted import history_is_long, uninterrupted
    from workflows.write_path import tell, write

FIRST_RETEST_S = 60.0
LAST_RETEST_S = 3600.0


class _Cancelled(Exception):
    """The onboarding was cancelled while a step waited."""


class _HistoryIsLong(Exception):
    """The next run goes on from the step that waits."""


@workflow.defn(name=ONBOARDING_WORKFLOW)
class MachineOnboarding:
    """Register → installation offered → handshake → self-test → online → installed → commissioned.

    A key that nobody uses expires and can be issued anew; a failing self-test is repeated; a finished
    installation with a stated reason overrides it. Cancelling takes back the key, the assignment and the
    machine. A run that starts from a later step goes on from there.
    """

    @workflow.init
    def __init__(self, state: OnboardingState) -> None:
        self._state = state
        self._lock = asyncio.Lock()  # guards _state between the update handlers and the main steps

    @workflow.run
    async def run(self, state: OnboardingState) -> OnboardingView:  # noqa: ARG002 - taken by __init__
        """Return the machine as it went into service, or as it was when the onboarding was cancelled."""
        while self._state.step in OPEN_STEPS:
            await uninterrupted(self._bring_into_service(), self._ask_cancel)
            if self._state.step in OPEN_STEPS and not self._state.cancelled:
                workflow.continue_as_new(self._state)
        return view(self._state)

    async def _bring_into_service(self) -> None:
        """Take the steps in the order of the real world."""
        try:
            await self._register()
            await begin_machine_life(self._state)
            await offer_installation(self._state)
            await self._wait_for_device()
            await self._test_until_passed()
            await self._wait_for_installation()
            await self._commission()
        except _Cancelled:
            await self._cancel()
        except _HistoryIsLong:
            workflow.logger.info("continuing as new from step %s", self._state.step)

    @workflow.update
    async def registered(self) -> OnboardingView:
        """Sent by whoever registers the machine; an update because they need its ids (or the refusal)."""
        async with self._lock:
            await register(self._state)
        return view(self._state)

    @workflow.update
    async def move(self, command: OnboardingCommand) -> OnboardingView:
        """Sent by chat and API for a person's move; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, OnboardingView)) is not None:
                return answered
            await register(self._state)
            with refusals():
                check(self._state, command.move)
            await self._obey(command)
            return remember(self._state.remembered, view(self._state))

    @move.validator
    def _may_move(self, command: OnboardingCommand) -> None:
        if recall(self._state.remembered, OnboardingView) is None:
            with refusals():
                check(self._state, command.move)

    @workflow.signal
    def device_bound(self, fact: DeviceBound) -> None:
        """Sent by the handshake; a fact."""
        self._state.retest = bool(self._state.hardware_id)
        self._state.hardware_id = fact.hardware_id
        note(self._state.history, f"device bound: {fact.hardware_id}")

    @workflow.signal
    def installation_done(self, fact: InstallationDone) -> None:
        """Sent by the installation assignment when it ends; a fact."""
        if fact.completed:
            self._state.installed, self._state.override_reason = True, fact.override_reason
        else:
            self._state.assignment_id = None
        note(self._state.history, f"installation {'completed' if fact.completed else 'cancelled'}")

    def _ask_cancel(self) -> None:
        """*Cancel* pressed in the Temporal UI is the business verb cancel (WORDS 2)."""
        self._state.cancelled = True

    async def _obey(self, command: OnboardingCommand) -> None:
        state = self._state
        if command.move == OnboardingMove.REISSUE_KEY:
            await reissue_key(state, update_source(), command.actor_id)
        elif command.move == OnboardingMove.RETEST:
            state.retest = True
        elif command.move == OnboardingMove.COMMISSION:
            state.commissioned_by = command.actor_id
        elif command.move == OnboardingMove.CANCEL:
            state.cancelled, state.cancelled_by = True, command.actor_id
        note(state.history, f"{command.move} by {command.actor_name}")

    async def _register(self) -> None:
        """Write the machine, once; a handler may have come before."""
        async with self._lock:
            await register(self._state)
        self._heed_cancel()

    async def _wait_for_device(self) -> None:
        """Wait for the handshake: reminders, then the key expires and waits to be issued anew."""
        state = self._state
        if state.step == OnboardingStep.REGISTERED:
            await self._step(OnboardingStep.WAITING_HANDSHAKE, "wait_handshake")
        while not state.hardware_id:
            issued = state.key_issued_at
            try:
                await self._until(
                    partial(_device_or_new_key, state, issued),
                    timeout_s=next_reminder_s(state, workflow.now()),
                    summary="remind of the handshake",
                )
            except TimeoutError:
                await self._no_handshake_yet(issued)
                continue
            if state.step == OnboardingStep.EXPIRED:
                await self._step(OnboardingStep.WAITING_HANDSHAKE, "wait_handshake")

    async def _no_handshake_yet(self, issued: datetime | None) -> None:
        state = self._state
        expires_at = key_expires_at(state)
        expired = expires_at is not None and workflow.now() >= expires_at
        await self._step(
            OnboardingStep.EXPIRED if expired else state.step,
            "key_expired" if expired else "remind",
            cause="key_expires" if expired else "handshake_reminder",
            notice="onboarding_expired" if expired else "onboarding_reminder",
            unless=partial(_device_or_new_key, state, issued),
        )

    async def _test_until_passed(self) -> None:
        """Test the box, again after a minute and then ever later, until it passes or is overridden."""
        state = self._state
        if state.step == OnboardingStep.ONLINE and not state.retest:
            return
        await self._step(OnboardingStep.TESTING, "self_test")
        wait_s = FIRST_RETEST_S
        while not await self._passes():
            try:
                await self._until(
                    lambda: state.retest or state.installed, timeout_s=wait_s, summary="test again"
                )
            except TimeoutError:
                wait_s = min(wait_s * 2, LAST_RETEST_S)

    async def _passes(self) -> bool:
        """Run one self-test and write what came of it."""
        state = self._state
        state.retest = False
        state.report = await self_test(state.edge_id, lambda: state.cancelled)
        state.tests += 1
        if state.report.passed or state.installed:
            action = "self_test_passed" if state.report.passed else "overridden"
            await self._step(OnboardingStep.ONLINE, action)
            return True
        notice = "onboarding_test_failed" if state.step != OnboardingStep.TEST_FAILED else ""
        await self._step(OnboardingStep.TEST_FAILED, "self_test_failed", notice=notice)
        return False

    async def _wait_for_installation(self) -> None:
        """Wait until the installation is completed, or an admin puts the machine into service by hand.

        A box that is replaced, or a wish to test again, runs the self-test once more meanwhile.
        """
        state = self._state
        while True:
            await self._until(lambda: state.installed or state.commissioned_by is not None or state.retest)
            if not state.retest:
                return
            await self._test_until_passed()

    async def _commission(self) -> None:
        state = self._state
        await self._step(
            OnboardingStep.COMMISSIONED,
            "commission",
            actor_id=state.commissioned_by,
            reason=state.override_reason,
            notice="machine_commissioned",
        )
        fact = Commissioned(workflow.info().workflow_id)
        await tell(ids.machine_id(state.machine_uuid), "commissioned", fact)

    async def _cancel(self) -> None:
        """Take everything back: the key stops, the assignment is cancelled, the machine is withdrawn."""
        state = self._state
        cause = "" if state.cancelled_by is not None else "temporal_ui"
        await self._step(OnboardingStep.CANCELLED, "cancel", actor_id=state.cancelled_by, cause=cause)
        await take_back(state)

    def _heed_cancel(self) -> None:
        if self._state.cancelled:
            raise _Cancelled

    async def _until(
        self, condition: Callable[[], bool], *, timeout_s: float | None = None, summary: str = ""
    ) -> None:
        """Wait for a condition; raises ``TimeoutError``, ``_Cancelled`` or ``_HistoryIsLong`` instead."""
        await workflow.wait_condition(
            lambda: condition() or self._state.cancelled or history_is_long(),
            timeout=None if timeout_s is None else timedelta(seconds=timeout_s),
            timeout_summary=summary or None,
        )
        self._heed_cancel()
        if not condition():
            raise _HistoryIsLong

    async def _step(  # noqa: PLR0913 - each is one fact of the event
        self,
        step: OnboardingStep,
        action: str,
        *,
        cause: str = "",
        reason: str = "",
        notice: str = "",
        actor_id: int | None = None,
        unless: Callable[[], bool] = lambda: False,
    ) -> None:
        """Write the step reached, then make it the state: the only place where the step changes.

        Handlers may have run while this waited for the lock: a cancel goes first, and ``unless`` looks again.
        """
        async with self._lock:
            state = self._state
            if step != OnboardingStep.CANCELLED:
                self._heed_cancel()
            if unless():
                return
            record = step_record(
                state, step, action, cause=cause, reason=reason, notice=notice, actor_id=actor_id
            )
            await write(MachineActivities.record_onboarding_step, record, summary=f"{state.step} → {step}")
            state.step = step
            state.moves += 1
            note(state.history, f"{action}{f' ({cause})' if cause else ''}")
            show_onboarding(state)


def _device_or_new_key(state: OnboardingState, issued: datetime | None) -> bool:
    return bool(state.hardware_id) or state.key_issued_at != issued
