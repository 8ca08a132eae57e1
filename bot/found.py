"""What ``/find`` found, as a page with a button for each thing."""

from typing import Any

from bot.context import SiagaContext
from bot.dialogs.pickers import organizations_with
from bot.keyboards import Button, button
from bot.notices import ABOUT_TASK
from db.queries.finding import Hit, Kind, Within, find
from domain.people import Person
from domain.roles import Permission, Reach

ABOUT = "found"
PAGE = 8
TEMPLATE = "replies/found"


async def found_page(
    context: SiagaContext, asked: str, page: int
) -> tuple[dict[str, Any], list[list[Button]]]:
    """Return a page of what fits, for this person's eyes, and its buttons."""
    within = await _within(context)
    async with context.transaction() as session:
        hits, total = await find(session, asked, within, limit=PAGE, offset=page * PAGE)
    pages = max(1, -(-total // PAGE))
    rows = [[_button(context.me, hit)] for hit in hits if _opens(context.me, hit)]
    turning = []
    if page > 0:
        turning.append(button("previous_page", ABOUT, "page", page - 1))
    if page + 1 < pages:
        turning.append(button("next_page", ABOUT, "page", page + 1))
    words = {
        "asked": asked,
        "hits": hits,
        "total": total,
        "page": page + 1,
        "pages": pages,
        "people": bool(within.organizations),
    }
    return words, [*rows, turning] if turning else rows


async def _within(context: SiagaContext) -> Within:
    """Return how far the right reaches: whole organizations, and what is this person's own."""
    me = context.me
    wide = tuple(
        held.organization_id
        for held in me.memberships
        if me.reach(Permission.FIND, held.organization_id) != Reach.OWN
        and me.may(Permission.FIND, held.organization_id)
    )
    if me.is_super_admin:
        wide = tuple(option.id for option in await organizations_with(context, Permission.FIND))
    return Within(wide, me.user_id)


def _opens(me: Person, hit: Hit) -> bool:
    """Return whether there is something to open: a machine one may only enter has no card."""
    return hit.kind != Kind.MACHINE or hit.task_id is not None or _manages(me, hit)


def _manages(me: Person, hit: Hit) -> bool:
    return me.may(Permission.REGISTER_MACHINE, hit.organization_id)


def _button(me: Person, hit: Hit) -> Button:
    words = {"hit": hit}
    match hit.kind:
        case Kind.TASK:
            return button("found_task", ABOUT_TASK, "open", hit.id, words=words)
        case Kind.MACHINE if _manages(me, hit):
            return button("found_machine", "fleet", "open", hit.id, words=words)
        case Kind.MACHINE:
            return button("found_machine", ABOUT_TASK, "open", hit.task_id or 0, words=words)
        case Kind.PERSON:
            return button("found_person", "people", "open", hit.id, hit.organization_id, 0, words=words)
