"""The workflow ``machine-onboarding``: from a name on a form to a machine in service (WORDS 3)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError, WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from activities import edge
    from activities.assignments import AssignmentActivities
    from activities.machines import MachineActivities
    from activities.refusals import refusals
    from domain import ids, search_attributes
    from domain.assignments import InstallationDone
    from domain.edge import Check, CheckName, CheckResult, SelfTestReport, SelfTestRequest
    from domain.errors import NotPossibleNow
    from domain.machines import Commissioned, DeviceBound, MachineState
    from domain.onboarding import (
        InstallationOrder,
        OnboardingCommand,
        OnboardingMove,
        OnboardingRecord,
        OnboardingState,
        OnboardingStep,
        OnboardingView,
        RegisterMachine,
        ReissueKey,
    )
    from domain.priorities import Priority, temporal_priority
    from domain.queues import ONBOARDING_WORKFLOW, edge_queue
    from workflows.activity_options import EDGE_CALL
    from workflows.assignments import TaskAssignment
    from workflows.details import moment, note, show
    from workflows.machines import MachineLife
    from workflows.onboarding_rules import check
    from workflows.remembered import recall, remember, update_source
    from workflows.write_path import tell, write

FIRST_RETEST_S = 60.0
LAST_RETEST_S = 3600.0


class _Cancelled(Exception):
    """The onboarding was cancelled while a step waited."""


@workflow.defn(name=ONBOARDING_WORKFLOW)
class MachineOnboarding:
    """Register → installation offered → handshake → self-test → online → installed → commissioned.

    A key that nobody uses expires and can be issued anew; a failing self-test is repeated; a finished installation
    with a stated reason overrides it. Cancelling takes back the key, the assignment and the machine.
    """

    @workflow.init
    def __init__(self, state: OnboardingState) -> None:
        self._state = state
        self._lock = asyncio.Lock()  # guards _state between the update handlers and the main steps

    @workflow.run
    async def run(self, state: OnboardingState) -> OnboardingView:  # noqa: ARG002 - taken by __init__
        """Return the machine as it went into service, or as it was when the onboarding was cancelled."""
        try:
            await self._register()
            await self._begin_machine_life()
            await self._offer_installation()
            await self._wait_for_device()
            await self._test_until_passed()
            await self._wait_for_installation()
            await self._commission()
        except (_Cancelled, asyncio.CancelledError):
            await self._cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._view()

    @workflow.update
    async def registered(self) -> OnboardingView:
        """Sent by whoever registers the machine; an update because they need its ids (or the refusal)."""
        await self._register()
        return self._view()

    @workflow.update
    async def move(self, command: OnboardingCommand) -> OnboardingView:
        """Sent by chat and API for a person's move; an update because the caller needs the answer."""
        async with self._lock:
            if (answered := recall(self._state.remembered, OnboardingView)) is not None:
                return answered
            with refusals():
                check(self._state, command.move)
            await self._obey(command)
            return remember(self._state.remembered, self._view())

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

    async def _obey(self, command: OnboardingCommand) -> None:
        state = self._state
        if command.move == OnboardingMove.REISSUE_KEY and state.machine_id is not None:
            order = ReissueKey(
                state.machine_id, state.organization_id, update_source(), workflow.now(), command.actor_id
            )
            state.key_handoff = await write(MachineActivities.reissue_key, order, summary="new key")
            state.key_issued_at = workflow.now()
        elif command.move == OnboardingMove.RETEST:
            state.retest = True
        elif command.move == OnboardingMove.COMMISSION:
            state.commissioned_by = command.actor_id
        elif command.move == OnboardingMove.CANCEL:
            state.cancelled, state.cancelled_by = True, command.actor_id
        note(state.history, f"{command.move} by {command.actor_name}")

    async def _register(self) -> None:
        """Write the machine with key, box and stub device, once; a handler may come before ``run``."""
        async with self._lock:
            state = self._state
            if state.machine_id is not None:
                return
            order = RegisterMachine(
                state.machine_uuid, state.organization_id, state.registered_by, state.machine, workflow.now()
            )
            made = await write(MachineActivities.register_machine, order, summary=f"register {state.machine.name}")
            state.machine_id, state.edge_id, state.key_handoff = made.machine_id, made.edge_id, made.key_handoff
            state.key_issued_at = workflow.now()
            note(state.history, f"registered by {state.registered_by_name}")
            self._show()

    async def _begin_machine_life(self) -> None:
        """Start the workflow ``machine``, which outlives the onboarding and owns status and connection."""
        state = self._state
        life = MachineState(
            machine_id=self._machine_id(),
            machine_uuid=state.machine_uuid,
            organization_id=state.organization_id,
            name=state.machine.name,
            edge_id=state.edge_id,
            policy=state.machine_policy,
        )
        try:
            await workflow.start_child_workflow(
                MachineLife.run,
                life,
                id=ids.machine_id(state.machine_uuid),
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                static_summary=f"Machine {state.machine.name}",
                priority=temporal_priority(Priority.MEDIUM, state.organization_id),
                search_attributes=search_attributes.of(state.organization_id, self._machine_id()),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("the machine's life goes on: this onboarding was started again from its row")

    async def _offer_installation(self) -> None:
        """Offer the installation to the chosen person; without one the machine is installed by its owner."""
        state = self._state
        if state.installer_id is None or state.assignment_id is not None:
            return
        order = InstallationOrder(
            onboarding_id=workflow.info().workflow_id,
            machine_id=self._machine_id(),
            machine_uuid=state.machine_uuid,
            machine_name=state.machine.name,
            organization_id=state.organization_id,
            assigned_by=state.registered_by,
            assigned_to=state.installer_id,
            assignee_name=state.installer_name,
            scheduled_date=state.installation_at or workflow.now(),
        )
        task = await write(AssignmentActivities.installation_state, order, summary="number of the installation")
        await workflow.start_child_workflow(
            TaskAssignment.run,
            task,
            id=ids.assignment_id(task.assignment_id),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"Installation of {state.machine.name}",
            priority=temporal_priority(task.priority, state.organization_id),
            search_attributes=search_attributes.of(state.organization_id, self._machine_id(), task.priority),
        )
        state.assignment_id = task.assignment_id

    async def _wait_for_device(self) -> None:
        """Wait for the handshake: reminders, then the key expires and waits to be issued anew."""
        await self._step(OnboardingStep.WAITING_HANDSHAKE, "wait_handshake")
        while not self._state.hardware_id:
            issued = self._state.key_issued_at
            try:
                await self._until(
                    lambda issued=issued: bool(self._state.hardware_id) or self._state.key_issued_at != issued,
                    timeout_s=self._next_reminder_s(),
                    summary="remind of the handshake",
                )
            except TimeoutError:
                await self._no_handshake_yet()
                continue
            if self._state.step == OnboardingStep.EXPIRED:
                await self._step(OnboardingStep.WAITING_HANDSHAKE, "wait_handshake")

    def _next_reminder_s(self) -> float | None:
        policy, issued = self._state.policy, self._state.key_issued_at
        if issued is None or self._state.step == OnboardingStep.EXPIRED:
            return None
        left = policy.key_expires_s - (workflow.now() - issued).total_seconds()
        return max(0.0, min(policy.remind_after_s, left))

    async def _no_handshake_yet(self) -> None:
        state = self._state
        issued = state.key_issued_at
        if issued is not None and (workflow.now() - issued).total_seconds() >= state.policy.key_expires_s:
            await self._step(
                OnboardingStep.EXPIRED, "key_expired", cause="key_expires", notice="onboarding_expired"
            )
        else:
            await self._step(state.step, "remind", cause="handshake_reminder", notice="onboarding_reminder")

    async def _test_until_passed(self) -> None:
        """Test the box, again after a minute and then ever later, until it passes or the installer overrode it."""
        wait_s = FIRST_RETEST_S
        await self._step(OnboardingStep.TESTING, "self_test")
        while True:
            self._state.retest = False
            report = await self._self_test()
            self._state.report = report
            self._state.tests += 1
            if report.passed or self._state.installed:
                await self._step(OnboardingStep.ONLINE, "self_test_passed" if report.passed else "overridden")
                return
            notice = "onboarding_test_failed" if self._state.step != OnboardingStep.TEST_FAILED else ""
            await self._step(OnboardingStep.TEST_FAILED, "self_test_failed", notice=notice)
            try:
                await self._until(
                    lambda: self._state.retest or self._state.installed, timeout_s=wait_s, summary="test again"
                )
            except TimeoutError:
                wait_s = min(wait_s * 2, LAST_RETEST_S)

    async def _self_test(self) -> SelfTestReport:
        """Run the self-test on the box; a box that does not answer in time is a failed test, not a stuck one."""
        try:
            return await workflow.execute_activity(
                edge.self_test,
                SelfTestRequest(requested_at=workflow.now()),
                task_queue=edge_queue(self._state.edge_id),
                summary="camera, detector, disk, clock",
                **EDGE_CALL,
            )
        except FailureError as failure:
            workflow.logger.warning("self-test got no answer: %s", failure)
            silent = [Check(name, CheckResult.FAILED, "no_answer") for name in CheckName]
            return SelfTestReport(checks=silent, finished_at=workflow.now())

    async def _wait_for_installation(self) -> None:
        """Wait until the installation is completed, or an admin puts the machine into service by hand.

        A box that is replaced, or a wish to test again, runs the self-test once more meanwhile.
        """
        while True:
            await self._until(
                lambda: self._state.installed or self._state.commissioned_by is not None or self._state.retest
            )
            if not self._state.retest:
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
        await tell(
            ids.machine_id(state.machine_uuid), "commissioned", Commissioned(workflow.info().workflow_id)
        )

    async def _cancel(self) -> None:
        """Take everything back: the key stops, the assignment is cancelled, the machine is withdrawn."""
        state = self._state
        if state.machine_id is None or state.step == OnboardingStep.COMMISSIONED:
            return
        cause = "" if state.cancelled_by is not None else "temporal_ui"
        await self._step(OnboardingStep.CANCELLED, "cancel", actor_id=state.cancelled_by, cause=cause)
        if state.assignment_id is not None:
            await self._cancel_assignment(ids.assignment_id(state.assignment_id))
        await workflow.get_external_workflow_handle(ids.machine_id(state.machine_uuid)).signal("withdraw")

    async def _cancel_assignment(self, workflow_id: str) -> None:
        try:
            await workflow.get_external_workflow_handle(workflow_id).cancel()
        except FailureError:
            workflow.logger.warning("%s had ended already", workflow_id)

    async def _until(
        self, condition: Callable[[], bool], *, timeout_s: float | None = None, summary: str = ""
    ) -> None:
        """Wait for a condition, or leave with ``_Cancelled``; raises ``TimeoutError`` when time is up."""
        timeout = None if timeout_s is None else timedelta(seconds=timeout_s)
        await workflow.wait_condition(
            lambda: condition() or self._state.cancelled, timeout=timeout, timeout_summary=summary or None
        )
        if self._state.cancelled:
            raise _Cancelled

    async def _step(  # noqa: PLR0913 - each is one fact of the event
        self,
        step: OnboardingStep,
        action: str,
        *,
        cause: str = "",
        reason: str = "",
        notice: str = "",
        actor_id: int | None = None,
    ) -> None:
        """Write the step reached, then make it the state: the only place where the step changes."""
        async with self._lock:
            state = self._state
            record = OnboardingRecord(
                machine_id=self._machine_id(),
                organization_id=state.organization_id,
                registered_by=state.registered_by,
                source=f"{action}-{state.moves + 1}",
                action=action,
                from_step=state.step,
                step=step,
                at=workflow.now(),
                version=state.moves + 1,
                actor_id=actor_id,
                cause=cause,
                reason=reason,
                report=state.report,
                notice=notice,
            )
            await write(MachineActivities.record_onboarding_step, record, summary=f"{state.step} → {step}")
            state.step = step
            state.moves += 1
            note(state.history, f"{action}{f' ({cause})' if cause else ''}")
            self._show()

    def _machine_id(self) -> int:
        if self._state.machine_id is None:
            raise NotPossibleNow(noun="onboarding", status=self._state.step.value, move="use")
        return self._state.machine_id

    def _show(self) -> None:
        state = self._state
        workflow.upsert_search_attributes(
            [
                search_attributes.STATUS.value_set(state.step),
                search_attributes.MACHINE.value_set(str(state.machine_id)),
            ]
        )
        checks = state.report.checks if state.report else []
        failing = [f"{check.name}: {check.code}" for check in checks if check.result == CheckResult.FAILED]
        facts = {
            "Step": state.step.value,
            "Owner": state.installer_name or f"{state.registered_by_name} (self-install)",
            "Deadline": moment(
                state.key_issued_at + timedelta(seconds=state.policy.key_expires_s)
                if state.key_issued_at and not state.hardware_id
                else None
            ),
            "Box": state.edge_id,
            "Hardware": state.hardware_id,
            "Failing": ", ".join(failing),
            "Installation": f"assignment {state.assignment_id}" if state.assignment_id else "",
        }
        show(f"Onboarding of {state.machine.name}", facts, state.history)

    def _view(self) -> OnboardingView:
        state = self._state
        return OnboardingView(
            machine_id=self._machine_id(),
            machine_uuid=state.machine_uuid,
            edge_id=state.edge_id,
            step=state.step,
            key_handoff=state.key_handoff,
            assignment_id=state.assignment_id,
        )
