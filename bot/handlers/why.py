"""``/why``: the story of a task or a machine in plain sentences, for whoever assigns work."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import Application

from bot.cards.runs import Runs
from bot.cards.stories import folded
from bot.commands import WHY, holds
from bot.context import SiagaContext
from bot.registration import on_command, on_tap
from bot.ticket_story import number_in, tell_ticket
from db.chat.things import thing_of_message
from db.queries.assignments import AssignmentDetail, assignment_by_id
from db.queries.escalations import escalation_by_id
from db.queries.machines import (
    MachineDetail,
    list_machines,
    machine_by_edge_server,
    machine_by_id,
    machine_by_uuid,
)
from db.queries.stories import EventLine, assignment_story, escalation_story, thing_story
from domain import ids
from domain.chat import Thing
from domain.errors import NotAllowed, NotFound
from domain.machines import MachineMove
from domain.onboarding import OPEN_STEPS
from domain.people import Person
from domain.roles import Permission

LINES = 30


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tie the command and the button that cards carry."""
    told = (Thing.ASSIGNMENT, Thing.ONBOARDING, Thing.MACHINE, Thing.TICKET)
    application.add_handlers(
        [on_command(WHY.names, why), *(on_tap(thing, "why", why_tapped) for thing in told)]
    )


async def why(update: Update, context: SiagaContext) -> None:
    """Tell the story of what the person names, or of the card they reply to."""
    asked = " ".join(context.args or ()).strip().lstrip("#")
    ticket = number_in(asked)
    if ticket is not None:
        await tell_ticket(context, ticket)
        return
    message = update.effective_message
    replied = message.reply_to_message if message else None
    manages = holds(context.me, Permission.MANAGE_ASSIGNMENTS)
    async with context.transaction() as session:
        about = await _named(session, context.me, asked) if asked and manages else None
        if about is None and replied is not None and not asked:
            about = await thing_of_message(session, context.chat_id, replied.message_id)
    if not manages and (about is None or about[0] != Thing.TICKET):
        raise NotAllowed
    if about is None and asked:
        raise NotFound(noun="thing")
    if about is None:
        await context.reply("replies/why_usage")
        return
    await _tell(context, *about)


async def why_tapped(update: Update, context: SiagaContext) -> None:  # noqa: ARG001 - a handler's shape
    """Tell the story of the card's thing."""
    await _tell(context, Thing(context.tap.thing), context.tap.id)


async def _named(session: AsyncSession, me: Person, asked: str) -> tuple[Thing, int] | None:
    """Return what a text names: a task by number, a machine by UUID, serial number or a part of its name."""
    if asked.isdigit():
        return Thing.ASSIGNMENT, int(asked)
    try:
        found = await machine_by_uuid(session, UUID(asked))
    except ValueError:
        organizations = None if me.is_super_admin else me.organizations_with(Permission.MANAGE_ASSIGNMENTS)
        found = next(
            iter(await list_machines(session, organizations=organizations, search=asked, limit=1)), None
        )
    return None if found is None else (Thing.MACHINE, found.machine_id)


async def _tell(context: SiagaContext, thing: Thing, number: int) -> None:
    if thing == Thing.TICKET:
        await tell_ticket(context, number)
        return
    async with context.transaction() as session:
        if thing == Thing.ESCALATION and (ladder := await escalation_by_id(session, number)):
            thing, number = ladder.owner, ladder.owner_id
        if thing == Thing.ASSIGNMENT:
            task = await assignment_by_id(session, number)
            story = await _task_story(session, number)
            await _reply(
                context, task, "replies/why_assignment", ids.assignment_id(number), task=task, story=story
            )
            return
        found = await (machine_by_edge_server if thing == Thing.HANDSHAKE else machine_by_id)(session, number)
        story = [] if found is None else await _machine_story(session, found)
    await _reply(context, found, "replies/why_machine", _run_of(found), machine=found, story=story)


async def _task_story(session: AsyncSession, number: int) -> list[EventLine]:
    """Return a task's moves and whom its ladders called as one story, in order."""
    lines = folded(await assignment_story(session, number))[-LINES:]
    lines += await escalation_story(session, Thing.ASSIGNMENT, number, limit=LINES)
    return sorted(lines, key=lambda line: line.at)[-LINES:]


async def _machine_story(session: AsyncSession, found: MachineDetail) -> list[EventLine]:
    """Return onboarding, handshakes and life of a machine as one story, in order."""
    installed = await thing_story(session, Thing.ONBOARDING, found.machine_id, limit=LINES)
    lived = await thing_story(session, Thing.MACHINE, found.machine_id, limit=LINES)
    if installed:
        # The onboarding tells by whom and why; the machine's own line would say it twice.
        lived = [line for line in lived if line.action != MachineMove.COMMISSION]
    lines = [
        *installed,
        *await thing_story(session, Thing.HANDSHAKE, found.edge_server_id, limit=LINES),
        *lived,
    ]
    return sorted(lines, key=lambda line: line.at)[-LINES:]


def _run_of(found: MachineDetail | None) -> str:
    if found is None:
        return ""
    return (
        ids.onboarding_id(found.uuid) if found.onboarding_step in OPEN_STEPS else ids.machine_id(found.uuid)
    )


async def _reply(
    context: SiagaContext,
    found: AssignmentDetail | MachineDetail | None,
    template: str,
    workflow_id: str,
    **words: Any,  # noqa: ANN401 - what the template shows
) -> None:
    """Send the story, or refuse when the thing is not there for this person."""
    if found is None or not context.me.may(Permission.MANAGE_ASSIGNMENTS, found.organization_id):
        raise NotFound(noun="thing")
    keyboard = [Runs(context.ui_url).row(workflow_id)]
    await context.reply(template, keyboard=keyboard, workflow_id=workflow_id, **words)
