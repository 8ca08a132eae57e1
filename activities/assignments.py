"""What task-assignment does to the world: one transaction a move, with its cards and notices."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusals
from db.chat.cards import ensure_card, touch_cards
from db.chat.deliveries import announce
from db.moves import assignments as moves
from db.queries.dispatchers import dispatchers_of
from db.session import SYSTEM, Database
from domain.assignments import AssignmentMove, AssignmentRecord, AssignmentState
from domain.chat import Loudness, Thing
from domain.notices import NOTICES
from domain.onboarding import InstallationOrder

_TO_DISPATCHER = {
    AssignmentMove.DECLINE: "assignment_declined",
    AssignmentMove.EXPIRE: "assignment_expired",
    AssignmentMove.HAND_BACK: "assignment_handed_back",
    AssignmentMove.WITHDRAW: "assignment_taken_back",
    AssignmentMove.COMPLETE: "assignment_completed",
}
_TO_FORMER = {
    AssignmentMove.OFFER: "assignment_withdrawn",
    AssignmentMove.CANCEL: "assignment_cancelled",
}


class AssignmentActivities:
    """Database activities of assignments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def record_assignment_move(self, record: AssignmentRecord) -> None:
        """Write a move; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                await moves.project(session, record)
                if not await moves.record_event(session, record):
                    return
                if record.move == AssignmentMove.PHOTO:
                    await moves.add_photos(session, record)
                await self._tell(session, record)

    async def _tell(self, session: AsyncSession, record: AssignmentRecord) -> None:
        """Refresh the cards and tell whoever must know or act (WORDS 5, bump rule)."""
        row = record.row
        await touch_cards(session, (Thing.ASSIGNMENT, row.assignment_id), (Thing.ONBOARDING, row.machine_id))
        if record.move == AssignmentMove.OFFER and row.assigned_to is not None:
            await ensure_card(
                session,
                Thing.ASSIGNMENT,
                row.assignment_id,
                row.assigned_to,
                loudness=Loudness.SOUND,
                source=f"assignment-{row.assignment_id}-{record.source}",
            )
        if record.move == AssignmentMove.REMIND and row.assigned_to is not None:
            await self._notice(session, record, "assignment_reminder", row.assigned_to)
        dispatcher_notice = _TO_DISPATCHER.get(record.move)
        # Who takes a task back has to choose again, so they are told even when they did it themselves.
        must_choose = record.move == AssignmentMove.WITHDRAW
        if dispatcher_notice:
            for dispatcher in await dispatchers_of(session, row.assignment_id, record.at):
                if must_choose or dispatcher != record.actor_id:
                    await self._notice(session, record, dispatcher_notice, dispatcher)
        former_notice = _TO_FORMER.get(record.move)
        asked_again = record.move == AssignmentMove.OFFER and record.former_assignee == row.assigned_to
        if former_notice and record.former_assignee != record.actor_id and not asked_again:
            await self._notice(session, record, former_notice, record.former_assignee)

    async def _notice(
        self, session: AsyncSession, record: AssignmentRecord, template: str, user_id: int | None
    ) -> None:
        if user_id is None:
            return
        await announce(
            session,
            template=template,
            user_id=user_id,
            organization_id=record.row.organization_id,
            source=f"assignment-{record.row.assignment_id}-{record.source}",
            context={
                "reason": record.reason,
                "note": record.note,
                "actor_id": record.actor_id,
                "former_assignee": record.former_assignee,
            },
            loudness=NOTICES[template].loudness,
            delivery_class=NOTICES[template].delivery_class,
            thing=Thing.ASSIGNMENT,
            thing_id=record.row.assignment_id,
        )

    @activity.defn
    async def self_test_passed(self, machine_id: int) -> bool:
        """Return whether the machine's last self-test passed: the gate of an installation's completion."""
        async with self._database.transaction(SYSTEM) as session:
            return await moves.self_test_passed(session, machine_id)

    @activity.defn
    async def installation_state(self, order: InstallationOrder) -> AssignmentState:
        """Reserve the number of an onboarding's installation and return what it starts from."""
        async with self._database.transaction(SYSTEM) as session:
            return await moves.installation_state(session, order)
