"""What onboarding, handshake and machine life do to the world."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusals
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.moves import devices, machines
from db.moves.audit import audit
from db.queries.people import admin_ids
from db.queries.settings import machine_policy
from db.secrets import Cipher
from db.session import SYSTEM, Database
from domain.chat import Loudness, Thing
from domain.handshake import BindDevice, BindResult, ConflictRecord
from domain.machines import Connection, MachinePolicy, MachineRecord
from domain.notices import NOTICES
from domain.onboarding import OnboardingRecord, RegisteredMachine, RegisterMachine, ReissueKey


class MachineActivities:
    """Database activities of machines and their boxes."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher

    @activity.defn
    async def register_machine(self, order: RegisterMachine) -> RegisteredMachine:
        """Write machine, key, box and stub device; a repeat returns the same ids."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                registered = await machines.register(session, order, self._cipher)
                await audit(
                    session,
                    organization_id=order.organization_id,
                    thing="onboarding",
                    thing_id=registered.machine_id,
                    source="register",
                    action="register",
                    to_status="registered",
                    actor_id=order.registered_by,
                    at=order.at,
                )
                await ensure_card(
                    session,
                    Thing.ONBOARDING,
                    registered.machine_id,
                    order.registered_by,
                    loudness=Loudness.SILENT,
                    source=f"onboarding-{registered.machine_id}-register",
                )
                return registered

    @activity.defn
    async def reissue_key(self, order: ReissueKey) -> UUID:
        """Issue a new key and setup code; the former ones stop at once."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                handoff = await machines.reissue_key(session, order, self._cipher)
                await audit(
                    session,
                    organization_id=order.organization_id,
                    thing="onboarding",
                    thing_id=order.machine_id,
                    source=order.source,
                    action="reissue_key",
                    actor_id=order.actor_id,
                    at=order.at,
                )
                await self._touch_machine(session, order.machine_id)
                return handoff

    @activity.defn
    async def record_onboarding_step(self, record: OnboardingRecord) -> None:
        """Write a step of an onboarding; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                if not await audit(
                    session,
                    organization_id=record.organization_id,
                    thing="onboarding",
                    thing_id=record.machine_id,
                    source=record.source,
                    action=record.action,
                    from_status=record.from_step,
                    to_status=record.step,
                    actor_id=record.actor_id,
                    cause=record.cause,
                    reason=record.reason,
                    at=record.at,
                ):
                    return
                await machines.project_onboarding(session, record)
                await self._touch_machine(session, record.machine_id)
                if record.notice:
                    await self._notice(session, record.notice, record.registered_by, record)

    @activity.defn
    async def record_machine_move(self, record: MachineRecord) -> MachinePolicy | None:
        """Write a change of status or connection; the second time with the same source nothing happens.

        With an outage the values of the organization come back: it counts by those in force as it begins.
        """
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                lost = record.action == Connection.OFFLINE
                policy = await machine_policy(session, record.organization_id) if lost else None
                if not await audit(
                    session,
                    organization_id=record.organization_id,
                    thing="machine",
                    thing_id=record.machine_id,
                    source=record.source,
                    action=record.action,
                    from_status=record.from_status,
                    to_status=record.to_status,
                    actor_id=record.actor_id,
                    cause=record.cause,
                    reason=record.reason,
                    at=record.at,
                ):
                    return policy
                await machines.project_machine(session, record)
                await self._touch_machine(session, record.machine_id)
                if record.notice:
                    for admin in await admin_ids(session, record.organization_id):
                        await self._notice(session, record.notice, admin, record)
                return policy

    @activity.defn
    async def bind_device(self, order: BindDevice) -> BindResult:
        """Bind a box's hardware, or say which conflict stands in the way."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                result = await devices.bind(session, order, self._cipher)
                if result.bound and order.machine_id is not None:
                    await audit(
                        session,
                        organization_id=order.organization_id,
                        thing="onboarding",
                        thing_id=order.machine_id,
                        source=f"bind-{order.source}",
                        action="replace_device" if order.replace else "bind_device",
                        actor_id=order.actor_id,
                        at=order.at,
                    )
                    await touch_cards(session, (Thing.HANDSHAKE, order.edge_server_id))
                    await self._touch_machine(session, order.machine_id)
                return result

    @activity.defn
    async def record_conflict(self, record: ConflictRecord) -> None:
        """Show a handshake's conflict to the admins, or clear it when it was answered."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                machine_id = await devices.project_conflict(session, record)
                if not await audit(
                    session,
                    organization_id=record.organization_id,
                    thing="handshake",
                    thing_id=record.edge_server_id,
                    source=record.source,
                    action=record.action,
                    actor_id=record.actor_id,
                    cause=record.cause,
                    at=record.at,
                ):
                    return
                await touch_cards(session, (Thing.HANDSHAKE, record.edge_server_id))
                await self._touch_machine(session, machine_id)
                if record.conflict is None or record.cause == "another_device":
                    return  # answered, or another box took the place of the one that waits: the cards say so
                for admin in await admin_ids(session, record.organization_id):
                    await ensure_card(
                        session,
                        Thing.HANDSHAKE,
                        record.edge_server_id,
                        admin,
                        loudness=Loudness.SOUND,
                        source=f"handshake-{record.edge_server_id}-{record.source}",
                    )

    async def _touch_machine(self, session: AsyncSession, machine_id: int) -> None:
        tasks = await machines.open_assignments(session, machine_id)
        await touch_cards(
            session,
            (Thing.ONBOARDING, machine_id),
            (Thing.MACHINE, machine_id),
            *((Thing.ASSIGNMENT, number) for number in tasks),
        )

    async def _notice(
        self, session: AsyncSession, template: str, user_id: int, record: OnboardingRecord | MachineRecord
    ) -> None:
        if user_id == record.actor_id:
            return
        await announce(
            session,
            template=template,
            user_id=user_id,
            organization_id=record.organization_id,
            source=f"machine-{record.machine_id}-{record.source}",
            context={"reason": record.reason, "since": record.at.isoformat()},
            loudness=NOTICES[template].loudness,
            delivery_class=NOTICES[template].delivery_class,
            thing=Thing.ONBOARDING if isinstance(record, OnboardingRecord) else Thing.MACHINE,
            thing_id=record.machine_id,
        )
