"""PINs and boxes: the roster a box is told, and what boxes tell of openings and wrong tries (decision 28)."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import case, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.chat.cards import touch_cards
from db.ingest.spool import SpoolEntry
from db.models.core import AuditEvent
from db.models.machines import EdgeDevice
from db.models.pins import MaintenancePin
from domain.chat import Thing
from domain.ids import edge_source
from domain.pins import (
    LATEST_WINDOW,
    PIN_USED,
    PIN_WRONG,
    SLOTS,
    STEP_S,
    PinId,
    PinOutcome,
    Roster,
    valid_from,
    valid_to,
    wrong_tries_are_told,
)

log = logging.getLogger(__name__)

PIN_KINDS = frozenset({PIN_USED, PIN_WRONG})
"""Kinds of spool entries that mean something here."""
_UNEXPECTED = "pin_unexpected"

# A PIN is revoked when its holder has no access any more: no live grant, or suspended (WORDS 1).
_ROSTERS = text(
    """
    select slots.rvm_machine_id as machine, slots.slot, users.name,
      array(
        select pins.visit_window from maintenance_pins pins
        where pins.rvm_machine_id = slots.rvm_machine_id and pins.slot = slots.slot
          and pins.valid_to > now() - :step * interval '1 second'
          and not exists (
            select from machine_grants grants
            join users holder on holder.id = grants.user_id and holder.is_active
            join memberships on memberships.user_id = grants.user_id
              and memberships.organization_id = grants.organization_id and memberships.is_active
            where grants.user_id = pins.user_id and grants.rvm_machine_id = pins.rvm_machine_id
              and grants.revoked_at is null and (grants.expires_at is null or grants.expires_at > now())
          )
        order by pins.visit_window
      ) as revoked
    from maintenance_slots slots join users on users.id = slots.user_id
    where slots.rvm_machine_id = any(cast(:machines as bigint[]))
    order by slots.rvm_machine_id, slots.slot
    """
)


async def rosters(session: AsyncSession, machines: Sequence[int]) -> Mapping[int, Roster]:
    """Return what the boxes of machines are told (system scope); machines without slots are left out."""
    people: dict[int, dict[int, str]] = {}
    revoked: dict[int, set[PinId]] = {}
    for row in await session.execute(_ROSTERS, {"machines": list(machines), "step": STEP_S}):
        people.setdefault(row.machine, {})[row.slot] = row.name
        revoked.setdefault(row.machine, set()).update(PinId(row.slot, window) for window in row.revoked)
    return {machine: Roster(names, frozenset(revoked[machine])) for machine, names in people.items()}


async def record_pin_entry(session: AsyncSession, edge_server_id: int, entry: SpoolEntry) -> None:
    """Turn a new spool entry into log and audit (system scope); one that cannot be read is only logged.

    The caller stores each (device, sequence) once, in the same transaction.
    """
    device = await session.scalar(select(EdgeDevice).where(EdgeDevice.edge_server_id == edge_server_id))
    told = json.loads(entry.data)
    if device is None or not _readable(entry.kind, told):
        log.warning("box %s: entry %s (%s) is not understood", edge_server_id, entry.sequence, entry.kind)
        return
    at = min(entry.at, datetime.now(UTC))
    if entry.kind == PIN_USED:
        user_id, outcome = await _opened(session, device, PinId(told["slot"], told["window"]), at)
        action = PIN_USED if outcome == PinOutcome.OPENED else _UNEXPECTED
    elif wrong_tries_are_told(told["tries"]):
        user_id, action = None, PIN_WRONG
    else:
        return
    await session.execute(
        insert(AuditEvent)
        .values(
            organization_id=device.organization_id,
            thing=Thing.MACHINE,
            thing_id=device.rvm_machine_id,
            source=edge_source(str(edge_server_id), entry.sequence),
            action=action,
            actor_id=user_id,
            details=_details(action, told),
            at=at,
        )
        .on_conflict_do_nothing()
    )
    await touch_cards(session, (Thing.MACHINE, device.rvm_machine_id))


def _readable(kind: str, told: Mapping[str, Any]) -> bool:
    """Return whether an entry holds what its kind needs: the spool takes anything, and must not hang."""
    limits = {"slot": SLOTS, "window": LATEST_WINDOW} if kind == PIN_USED else {"tries": LATEST_WINDOW}
    return all(type(told.get(name)) is int and 0 <= told[name] < limit for name, limit in limits.items())


def _details(action: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the story keeps: ``note`` is the slot nobody was given, else the wrong tries before."""
    details = {name: told[name] for name in ("slot", "window") if name in told}
    tries = told.get("tries")
    if action == _UNEXPECTED:
        details["note"] = f"{told['slot']:02d}"
    elif isinstance(tries, int) and tries > 0:
        details["note"] = str(tries)
    if told.get("bolt") is False:
        details["reason"] = "bolt"
    return details


async def _opened(
    session: AsyncSession, device: EdgeDevice, pin: PinId, at: datetime
) -> tuple[int | None, PinOutcome]:
    issued = MaintenancePin.issued_at.is_not(None)
    row = (
        await session.execute(
            insert(MaintenancePin)
            .values(
                organization_id=device.organization_id,
                rvm_machine_id=device.rvm_machine_id,
                slot=pin.slot,
                visit_window=pin.window,
                valid_from=valid_from(pin.window),
                valid_to=valid_to(pin.window),
                used_at=at,
                outcome=PinOutcome.UNEXPECTED,
            )
            .on_conflict_do_update(
                index_elements=["rvm_machine_id", "slot", "visit_window"],
                set_={
                    "used_at": func.greatest(MaintenancePin.used_at, at),
                    "outcome": case((issued, PinOutcome.OPENED.value), else_=PinOutcome.UNEXPECTED.value),
                },
            )
            .returning(MaintenancePin.user_id, MaintenancePin.outcome)
        )
    ).one()
    return row.user_id, row.outcome
