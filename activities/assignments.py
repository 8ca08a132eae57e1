"""What task-assignment does to the world: one transaction a move, with its cards and notices."""

from temporalio import activity

from activities.assignment_news import show_checklist, tell
from activities.refusals import refusals
from db.moves import assignments as moves
from db.moves import starts
from db.queries.new_assignments import offer_terms
from db.session import SYSTEM, Database
from domain.assignment_records import (
    AssignmentRecord,
    FollowUpOrder,
    OfferOrder,
    OfferTerms,
    WorkBegun,
    WorkStart,
)
from domain.assignments import AssignmentState
from domain.onboarding import InstallationOrder


class AssignmentActivities:
    """Database activities of assignments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def record_assignment_move(self, record: AssignmentRecord) -> None:
        """Write a move; the second time with the same source nothing happens."""
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                if await moves.record(session, record):
                    await tell(session, record)

    @activity.defn
    async def record_start(self, start: WorkStart) -> WorkBegun:
        """Judge an arrival and begin the work; the second time with the same source return what was judged.

        Access, the machine's position and the checklist are looked up in the transaction that writes the
        start, so that what an admin changed a moment ago counts.
        """
        with refusals():
            async with self._database.transaction(SYSTEM) as session:
                begun, new = await starts.begin(session, start)
                if new:
                    await tell(session, start.record)
                if new and begun.checklist:
                    await show_checklist(session, start.record)
                return begun

    @activity.defn
    async def offer_terms(self, order: OfferOrder) -> OfferTerms:
        """Return how long an offer to these people stands now."""
        async with self._database.transaction(SYSTEM) as session:
            return await offer_terms(session, order)

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

    @activity.defn
    async def follow_up_state(self, order: FollowUpOrder) -> AssignmentState:
        """Reserve the number of the repair that a failed step asks for and return what it starts from."""
        async with self._database.transaction(SYSTEM) as session:
            return await moves.follow_up_state(session, order)
