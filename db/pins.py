"""Issuing maintenance PINs. No workflow stands behind a PIN: bot and web call this (decisions 14 and 28)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import touch_cards
from db.models.access import MachineGrant
from db.models.assignments import TechnicianAssignment
from db.models.core import AuditEvent
from db.models.machines import EdgeDevice, EdgeServer, RvmMachine
from db.models.pins import MaintenancePin, MaintenanceSlot
from db.queries.grants import is_live
from db.secrets import Cipher
from domain.access import GrantSource
from domain.assignments import HELD_STATUSES, AssignmentStatus
from domain.chat import Thing
from domain.errors import KeypadNotReady, NoAccess, NotFound
from domain.pins import (
    KEYPAD_STEPS,
    SLOTS,
    PinId,
    PinOutcome,
    pin_key,
    pin_of,
    valid_from,
    valid_to,
    visit_start,
    window_of,
)


@dataclass(frozen=True, slots=True)
class PinWish:
    """Who wants to open which machine; ``assignment_id`` when asked from a task's card."""

    user_id: int
    machine_id: int
    source: str
    assignment_id: int | None = None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class IssuedPin:
    """A PIN to show once, and when the machine takes it."""

    digits: str = field(repr=False)
    machine_id: int
    machine_name: str
    time_zone: str
    valid_from: datetime
    valid_to: datetime


async def issue_pin(session: AsyncSession, wish: PinWish, cipher: Cipher) -> IssuedPin:
    """Give a person a PIN and note it (system scope); a repeated source gets the same PIN.

    Raises:
        NotFound: no such machine.
        NoAccess: the person has no live grant for it.
        KeypadNotReady: no box is bound to it yet.
    """
    machine, secret = await _machine(session, wish.machine_id)
    grants = set(
        await session.scalars(
            select(MachineGrant.source).where(
                MachineGrant.user_id == wish.user_id,
                MachineGrant.rvm_machine_id == wish.machine_id,
                is_live(),
            )
        )
    )
    if not grants:
        raise NoAccess(machine=machine.name)
    if machine.onboarding_step not in KEYPAD_STEPS:
        raise KeypadNotReady(machine=machine.name)
    pin = await _issued_before(session, wish) or await _issue(session, machine, wish, grants)
    return IssuedPin(
        digits=pin_of(pin_key(cipher.decrypt(secret)), pin),
        machine_id=machine.id,
        machine_name=machine.name,
        time_zone=machine.time_zone,
        valid_from=valid_from(pin.window),
        valid_to=valid_to(pin.window),
    )


async def _machine(session: AsyncSession, machine_id: int) -> tuple[RvmMachine, str]:
    """Return the machine, locked so that no two people get one slot, and its box's secret as ciphertext."""
    query = (
        select(RvmMachine, EdgeServer.edge_secret)
        .join(EdgeDevice, EdgeDevice.rvm_machine_id == RvmMachine.id)
        .join(EdgeServer, EdgeServer.id == EdgeDevice.edge_server_id)
        .where(RvmMachine.id == machine_id, RvmMachine.deleted_at.is_(None))
        .with_for_update(of=RvmMachine, key_share=True)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound(noun="machine")
    return row.RvmMachine, row.edge_secret


async def _issued_before(session: AsyncSession, wish: PinWish) -> PinId | None:
    details = await session.scalar(
        select(AuditEvent.details).where(
            AuditEvent.thing == Thing.MACHINE,
            AuditEvent.thing_id == wish.machine_id,
            AuditEvent.source == wish.source,
        )
    )
    return None if details is None else PinId(details["slot"], details["window"])


async def _issue(
    session: AsyncSession, machine: RvmMachine, wish: PinWish, grants: set[GrantSource]
) -> PinId:
    task = await _task(session, wish)
    if task is not None and wish.assignment_id is None and GrantSource.MANUAL in grants:
        # Who may enter at any time is not held to the time of a task that was not mentioned.
        task = task if task.started_at is not None else None
    begun = task is not None and task.status == AssignmentStatus.IN_PROGRESS
    start = visit_start(wish.at, task.scheduled_date if task else None, begun=begun)
    pin = PinId(await _slot(session, machine, wish.user_id), window_of(start))
    await session.execute(
        insert(MaintenancePin)
        .values(
            organization_id=machine.organization_id,
            rvm_machine_id=machine.id,
            slot=pin.slot,
            visit_window=pin.window,
            user_id=wish.user_id,
            assignment_id=task.id if task else None,
            valid_from=valid_from(pin.window),
            valid_to=valid_to(pin.window),
            issued_at=wish.at,
            outcome=PinOutcome.ISSUED,
        )
        .on_conflict_do_nothing()
    )
    await session.execute(
        insert(AuditEvent).values(
            organization_id=machine.organization_id,
            thing=Thing.MACHINE,
            thing_id=machine.id,
            source=wish.source,
            action="pin_issued",
            actor_id=wish.user_id,
            details={"slot": pin.slot, "window": pin.window, "assignment": task.id if task else None},
            at=wish.at,
        )
    )
    await touch_cards(session, (Thing.MACHINE, machine.id))
    return pin


async def _task(session: AsyncSession, wish: PinWish) -> TechnicianAssignment | None:
    """Return the person's task at the machine that the visit is for: the one at work, else the next."""
    query = select(TechnicianAssignment).where(
        TechnicianAssignment.assigned_to == wish.user_id,
        TechnicianAssignment.rvm_machine_id == wish.machine_id,
        TechnicianAssignment.status.in_(HELD_STATUSES),
    )
    if wish.assignment_id is not None:
        query = query.where(TechnicianAssignment.id == wish.assignment_id)
    at_work = TechnicianAssignment.status == AssignmentStatus.IN_PROGRESS
    first = query.order_by(at_work.desc(), TechnicianAssignment.scheduled_date, TechnicianAssignment.id)
    return await session.scalar(first.limit(1))


async def _slot(session: AsyncSession, machine: RvmMachine, user_id: int) -> int:
    """Return the person's slot; who has none is given the lowest free, else the one longest at rest."""
    held = {
        row.user_id: row.slot
        for row in await session.scalars(
            select(MaintenanceSlot).where(MaintenanceSlot.rvm_machine_id == machine.id)
        )
    }
    if user_id in held:
        return held[user_id]
    free = next(iter(sorted(set(range(SLOTS)) - set(held.values()))), None)
    slot = await _longest_at_rest(session, machine.id) if free is None else free
    given = {"user_id": user_id, "given_at": func.now()}
    await session.execute(
        insert(MaintenanceSlot)
        .values(rvm_machine_id=machine.id, slot=slot, organization_id=machine.organization_id, **given)
        .on_conflict_do_update(index_elements=["rvm_machine_id", "slot"], set_=given)
    )
    return slot


async def _longest_at_rest(session: AsyncSession, machine_id: int) -> int:
    """Return the slot whose last PIN ended first."""
    last = func.max(MaintenancePin.valid_to)
    query = (
        select(MaintenanceSlot.slot)
        .outerjoin(
            MaintenancePin,
            (MaintenancePin.rvm_machine_id == MaintenanceSlot.rvm_machine_id)
            & (MaintenancePin.slot == MaintenanceSlot.slot),
        )
        .where(MaintenanceSlot.rvm_machine_id == machine_id)
        .group_by(MaintenanceSlot.slot)
        .order_by(last.asc().nulls_first(), MaintenanceSlot.slot)
        .limit(1)
    )
    return int((await session.scalars(query)).one())
