"""A machine's way into service, and what may stop it."""

import pytest

from domain.assignments import AssignmentMove
from domain.edge import CheckName
from domain.errors import Closed, InvalidInput, NotPossibleNow, SelfTestFailing
from domain.handshake import ConflictKind, HandshakeMove, HandshakeState
from domain.machines import Connection, ConnectionSeen, MachineStatus
from domain.onboarding import OnboardingMove, OnboardingStep
from tests.waiting import eventually
from tests.workflows.box import Box, running
from tests.workflows.field import Field
from tests.workflows.steps import accepted_installation, answer_conflict, move, present, reaches


@pytest.mark.outcome("onboarding-commissioned")
async def test_a_machine_comes_into_service_in_the_order_of_the_real_world(field: Field) -> None:
    view = await field.a_registration(installer="Technician")
    task = await accepted_installation(field)
    await field.move(task, AssignmentMove.START)

    async with running(field.temporal.client, view.edge_id, Box()):
        assert (await present(field, view, "JETSON-1")).state == HandshakeState.BOUND
        await reaches(field, view, OnboardingStep.ONLINE)
        await field.move(task, AssignmentMove.PHOTO, file_ids=[await field.a_photo()])
        await field.move(task, AssignmentMove.COMPLETE, note="Placed and tested")
        await reaches(field, view, OnboardingStep.COMMISSIONED)

    row = await eventually(
        lambda: field.machine(view.machine_uuid), lambda machine: machine.status == MachineStatus.ACTIVE
    )
    assert (row.hardware_id, row.key_waits) == ("JETSON-1", False)
    assert row.self_test is not None
    assert {check["result"] for check in row.self_test["checks"]} == {"ok"}
    assert "machine_commissioned" in await field.notices("Admin")


@pytest.mark.outcome("onboarding-overridden")
async def test_an_installation_is_not_completed_while_the_self_test_fails_unless_with_a_reason(
    field: Field,
) -> None:
    view = await field.a_registration(installer="Technician")
    task = await accepted_installation(field)
    await field.move(task, AssignmentMove.START)
    await field.move(task, AssignmentMove.PHOTO, file_ids=[await field.a_photo()])

    async with running(field.temporal.client, view.edge_id, Box({CheckName.CAMERA: "no_frame"})) as box:
        await present(field, view, "JETSON-1")
        await reaches(field, view, OnboardingStep.TEST_FAILED)
        with pytest.raises(SelfTestFailing):
            await field.move(task, AssignmentMove.COMPLETE)
        await field.skip(minutes=5)
        assert box.asked > 1  # it is tested again by itself
        await field.move(task, AssignmentMove.COMPLETE, reason="camera arrives tomorrow")
        await reaches(field, view, OnboardingStep.COMMISSIONED)

    assert (await field.notices("Admin")).count("onboarding_test_failed") == 1


@pytest.mark.outcome("handshake-bound")
async def test_a_failing_box_passes_once_it_is_mended(field: Field) -> None:
    view = await field.a_registration()
    async with running(field.temporal.client, view.edge_id, Box({CheckName.DISK: "disk_low"})) as box:
        await present(field, view, "JETSON-1")
        await reaches(field, view, OnboardingStep.TEST_FAILED)
        box.failing.clear()
        await move(field, view, OnboardingMove.RETEST)
        await reaches(field, view, OnboardingStep.ONLINE)
        await move(field, view, OnboardingMove.COMMISSION)
        await reaches(field, view, OnboardingStep.COMMISSIONED)


async def test_a_box_that_does_not_answer_fails_its_test_and_does_not_hang(field: Field) -> None:
    view = await field.a_registration()
    async with running(field.temporal.client, view.edge_id, Box(broken=True)):
        await present(field, view, "JETSON-1")
        await reaches(field, view, OnboardingStep.TEST_FAILED)
    row = await field.machine(view.machine_uuid)
    assert row.self_test is not None
    assert {check["code"] for check in row.self_test["checks"]} == {"no_answer"}


@pytest.mark.outcome("onboarding-key-reissued")
async def test_an_unused_key_is_reminded_of_expires_and_can_be_issued_anew(field: Field) -> None:
    view = await field.a_registration()
    await field.skip(hours=25)
    assert await field.notices("Admin") == ["onboarding_reminder"]
    await field.skip(days=7)
    assert (await field.machine(view.machine_uuid)).onboarding_step == OnboardingStep.EXPIRED
    assert (await field.notices("Admin"))[-1] == "onboarding_expired"

    anew = await move(field, view, OnboardingMove.REISSUE_KEY)

    await reaches(field, view, OnboardingStep.WAITING_HANDSHAKE)
    row = await field.machine(view.machine_uuid)
    assert anew.key_handoff != view.key_handoff
    assert (row.key_handoff_id, row.key_waits) == (anew.key_handoff, True)


@pytest.mark.outcome("onboarding-cancelled")
async def test_a_cancelled_onboarding_takes_back_key_assignment_and_machine(field: Field) -> None:
    view = await field.a_registration(installer="Technician")
    task = await accepted_installation(field)

    await move(field, view, OnboardingMove.CANCEL)

    row = await eventually(lambda: field.row(task), lambda row: row.status == "cancelled")
    assert row.machine_onboarding_step == OnboardingStep.CANCELLED
    with pytest.raises(Closed):
        await move(field, view, OnboardingMove.REISSUE_KEY)


async def test_the_same_serial_number_twice_is_refused(field: Field) -> None:
    await field.a_registration(serial="RVM-X")
    with pytest.raises(InvalidInput) as refused:
        await field.a_registration(serial="RVM-X")
    assert refused.value.details == {"field": "serial_number", "problem": "taken"}


async def test_moves_out_of_order_are_refused(field: Field) -> None:
    view = await field.a_registration()
    for verb in (OnboardingMove.RETEST, OnboardingMove.COMMISSION):
        with pytest.raises(NotPossibleNow):
            await move(field, view, verb)


@pytest.mark.outcome("handshake-replaced")
async def test_another_box_waits_for_replace_device_and_the_former_secret_dies(field: Field) -> None:
    view = await field.a_registration()
    await present(field, view, "JETSON-1")

    pending = await present(field, view, "JETSON-2")
    assert (pending.state, pending.conflict) == (HandshakeState.PENDING, ConflictKind.OTHER_HARDWARE)
    assert ("handshake", (await field.machine(view.machine_uuid)).edge_server_id) in await field.cards(
        "Admin"
    )
    assert (await present(field, view, "JETSON-2")).state == HandshakeState.PENDING

    assert (await answer_conflict(field, view, HandshakeMove.REPLACE)).state == HandshakeState.BOUND
    row = await field.machine(view.machine_uuid)
    assert (row.hardware_id, row.conflict) == ("JETSON-2", None)


async def test_the_same_box_on_two_machines_is_refused_until_an_admin_moves_it(field: Field) -> None:
    first = await field.a_registration(serial="RVM-A")
    second = await field.a_registration(serial="RVM-B")
    await present(field, first, "JETSON-1")

    pending = await present(field, second, "JETSON-1")
    assert pending.conflict == ConflictKind.HARDWARE_ELSEWHERE
    await answer_conflict(field, second, HandshakeMove.REPLACE)

    assert (await field.machine(first.machine_uuid)).hardware_id is None
    assert (await field.machine(second.machine_uuid)).hardware_id == "JETSON-1"


async def test_a_refused_box_hears_the_same_for_a_day(field: Field) -> None:
    view = await field.a_registration()
    async with running(field.temporal.client, view.edge_id, Box()):
        await present(field, view, "JETSON-1")
        await present(field, view, "JETSON-2")
        assert (await answer_conflict(field, view, HandshakeMove.REFUSE)).state == HandshakeState.REFUSED
        assert (await present(field, view, "JETSON-2")).state == HandshakeState.REFUSED
        with pytest.raises(NotPossibleNow):
            await answer_conflict(field, view, HandshakeMove.REPLACE)
        await field.skip(hours=25)
        assert (await present(field, view, "JETSON-2")).state == HandshakeState.PENDING


@pytest.mark.outcome("handshake-expired")
async def test_a_conflict_nobody_answers_ends_as_refused(field: Field) -> None:
    view = await field.a_registration()
    async with running(field.temporal.client, view.edge_id, Box()):
        await present(field, view, "JETSON-1")
        await present(field, view, "JETSON-2")
        await field.skip(days=7, minutes=1)
        assert (await present(field, view, "JETSON-2")).state == HandshakeState.REFUSED


async def test_connection_evidence_may_come_before_the_commissioning(field: Field) -> None:
    view = await field.a_registration()
    handle = field.temporal.client.get_workflow_handle(f"machine-{view.machine_uuid}")
    await eventually(
        lambda: field.machine(view.machine_uuid), lambda row: row.onboarding_step != "registered"
    )
    await handle.signal("connection", ConnectionSeen(Connection.ONLINE, await field.now()))
    row = await eventually(
        lambda: field.machine(view.machine_uuid), lambda row: row.connection == Connection.ONLINE
    )
    assert row.status == MachineStatus.INACTIVE


@pytest.mark.outcome("handshake-refused")
async def test_a_refusal_leaves_the_bound_box_where_it_is(field: Field) -> None:
    view = await field.a_registration()
    await present(field, view, "JETSON-1")
    await present(field, view, "JETSON-2")

    await answer_conflict(field, view, HandshakeMove.REFUSE)

    row = await field.machine(view.machine_uuid)
    assert (row.hardware_id, row.conflict) == ("JETSON-1", None)


async def test_a_third_box_is_looked_at_although_the_second_was_refused(field: Field) -> None:
    view = await field.a_registration()
    for hardware_id in ("JETSON-1", "JETSON-2"):
        await present(field, view, hardware_id)
    await answer_conflict(field, view, HandshakeMove.REFUSE)

    assert (await present(field, view, "JETSON-3")).state == HandshakeState.PENDING
    assert (await answer_conflict(field, view, HandshakeMove.REPLACE)).state == HandshakeState.BOUND
    assert (await field.machine(view.machine_uuid)).hardware_id == "JETSON-3"


async def test_two_boxes_with_one_key_ring_the_admin_once(field: Field) -> None:
    view = await field.a_registration()
    await present(field, view, "JETSON-1")
    for hardware_id in ("JETSON-2", "JETSON-3", "JETSON-2", "JETSON-3"):
        assert (await present(field, view, hardware_id)).state == HandshakeState.PENDING

    row = await field.machine(view.machine_uuid)
    assert row.conflict is not None
    assert row.conflict["hardware_id"] == "JETSON-3"
    assert await field.rings("Admin", "handshake") == 1
