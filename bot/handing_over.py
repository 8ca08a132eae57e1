"""Handing somebody's work to a successor: what it is, and moving it in order, each part once."""

from dataclasses import dataclass

from bot.context import SiagaContext
from bot.rights import require
from bot.suspending import switchable
from bot.task_moves import move
from db.chat.deliveries import announce
from db.handover import Wish, hand_over
from db.queries.handing_over import Holdings, holdings
from db.queries.people import PersonRow, person_row
from domain.assignments import AssignmentMove
from domain.errors import InvalidInput, NotFound, Refusal
from domain.notices import NOTICES
from domain.offers import Candidate, Offer
from domain.roles import Permission, may


@dataclass(frozen=True, slots=True)
class Plan:
    """Whose work would go to whom, and what it is. ``may_grant``: access by hand can go along."""

    giver: PersonRow
    taker: PersonRow
    found: Holdings
    may_grant: bool

    @property
    def takes_tasks(self) -> bool:
        """Whether the successor does such work; else tasks go back to their dispatchers."""
        return may(self.taker.role, Permission.DO_ASSIGNMENTS)

    @property
    def takes_invites(self) -> bool:
        """Whether the successor may let people in; else whoever hands over answers the links."""
        return may(self.taker.role, Permission.MANAGE_PEOPLE)

    @property
    def dispatches(self) -> bool:
        """Whether the successor may dispatch; else the admins on duty do."""
        return may(self.taker.role, Permission.MANAGE_ASSIGNMENTS)


async def plan(context: SiagaContext, organization_id: int, giver: int, taker: int) -> Plan:
    """Return what a handover would move.

    Raises:
        NotFound, NotAllowed: this person may not decide about the giver.
        InvalidInput: nobody succeeds themselves, and only an active member can.
    """
    me = require(context, Permission.MANAGE_PEOPLE, organization_id)
    if giver != me.user_id:
        await switchable(context, giver, organization_id)
    if giver == taker:
        raise InvalidInput(field="to", problem="yourself")
    async with context.transaction() as session:
        giving = await person_row(session, giver, organization_id)
        taking = await person_row(session, taker, organization_id)
        found = await holdings(session, giver, organization_id)
    if giving is None or taking is None:
        raise NotFound(noun="person")
    if not taking.is_active:
        raise InvalidInput(field="to", problem="suspended")
    return Plan(giving, taking, found, me.may(Permission.GRANT_ACCESS, organization_id))


async def give_everything(
    context: SiagaContext, source: str, wanted: Plan, *, with_grants: bool
) -> tuple[Holdings, int]:
    """Hand everything over; return what was found, and how many tasks wait for another person.

    The same source gives each part once, so a repeat goes on where it was interrupted.
    """
    me, taker = context.me, wanted.taker
    wish = Wish(
        organization_id=taker.organization_id,
        from_user_id=wanted.giver.user_id,
        to_user_id=taker.user_id,
        handed_by=me.user_id,
        invites_to=taker.user_id if wanted.takes_invites else me.user_id,
        with_grants=with_grants and wanted.may_grant,
    )
    async with context.transaction() as session:
        found = await hand_over(session, wish, source)
    waiting = 0
    for number in found.tasks:
        waiting += not await _give_task(context, source, number, wanted)
    for number in found.shared:
        await _leave_pool(context, source, number, wanted.giver.user_id)
    if taker.user_id != me.user_id:
        await _tell(context, source, wanted, found, with_grants=wish.with_grants)
    return found, waiting


async def _tell(
    context: SiagaContext, source: str, wanted: Plan, found: Holdings, *, with_grants: bool
) -> None:
    """Tell the successor what is theirs now."""
    theirs = {
        "tasks": len(found.tasks) if wanted.takes_tasks else 0,
        "dispatched": len(found.dispatched) if wanted.dispatches else 0,
        "invites": len(found.invites) if wanted.takes_invites else 0,
        "grants": len(found.grants) if with_grants else 0,
    }
    async with context.transaction() as session:
        await announce(
            session,
            template="handed_over",
            user_id=wanted.taker.user_id,
            organization_id=wanted.taker.organization_id,
            source=f"{source}-handed-over",
            context={"actor": context.me.name, "giver": wanted.giver.name, **theirs},
            loudness=NOTICES["handed_over"].loudness,
        )


async def _give_task(context: SiagaContext, source: str, number: int, wanted: Plan) -> bool:
    """Offer a task to the successor, or take it back for its dispatcher; return whether the successor has it.

    One that ended in the same moment is nobody's concern any more and counts as given.
    """
    takes, taker = wanted.takes_tasks, wanted.taker
    verb = AssignmentMove.OFFER if takes else AssignmentMove.WITHDRAW
    offer = Offer([Candidate(taker.user_id, taker.name)]) if takes else None
    try:
        await move(context, f"{source}-{number}", number, verb, offer=offer)
    except Refusal:
        return True
    return takes


async def _leave_pool(context: SiagaContext, source: str, number: int, giver: int) -> None:
    """Ask one person less; somebody may have taken the task meanwhile."""
    try:
        await move(context, f"{source}-{number}", number, AssignmentMove.WITHDRAW, withdrawn=giver)
    except Refusal:
        return
