"""The dialogs behind two of the staff's buttons: which file goes for good, which machine it is about."""

from bot.context import SiagaContext
from bot.dialogs.fields import Answers, ConfirmField, Dialog, NumberField, Option, PickerField
from bot.dialogs.pickers import LISTED
from bot.dialogs.staff_moves import DIALOGS
from bot.moments_text import clock
from bot.staff_moves import move, ticket_here
from db.queries.machines import list_machines
from db.queries.people import person_by_id
from db.queries.ticket_files import messages_of_file, old_copies
from db.queries.tickets import attachments
from domain.errors import NotFound
from domain.tickets import TicketMove

NO_MACHINE = 0
_TICKET = NumberField(name="ticket")


async def attachment_options(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return what is attached: kind and place in the order they came, who sent it, when."""
    words, audience = context.parts.renderer.words, context.handling.audience
    ticket = await ticket_here(context, answers["ticket"])
    options = []
    async with context.transaction() as session:
        for place, one in enumerate(await attachments(session, ticket.ticket_id, internal=True), 1):
            if one.removed_at is not None:
                continue
            sender = await person_by_id(session, one.user_id) if one.user_id else None
            name = sender.person.name if sender else ""
            at = clock(one.created_at, audience.language, audience.zone)
            label = f"{words('file_kind', one.kind, audience)} {place}"
            options.append(Option(one.attachment_id, label, " · ".join(filter(None, (name, at)))))
    return [one for one in options if search.casefold() in f"{one.label} {one.note}".casefold()]


async def _detach(context: SiagaContext, answers: Answers, source: str) -> None:
    """Remove it, and say which copies stay where no bot can reach them."""
    ticket, wanted = await ticket_here(context, answers["ticket"]), answers["attachment"].id
    async with context.transaction() as session:
        files = await attachments(session, ticket.ticket_id, internal=True)
        file_id = next((one.file_id for one in files if one.attachment_id == wanted), None)
        if file_id is None:
            raise NotFound(noun="attachment")
        came = await messages_of_file(session, ticket.ticket_id, file_id)
        old = await old_copies(session, ticket.ticket_id, came)
    await move(context, source, ticket, TicketMove.DETACH, attachment_id=wanted)
    await context.reply("replies/detached", ticket=ticket, old=old, by_chat=bool(came))


async def _machines(context: SiagaContext, answers: Answers, search: str) -> list[Option]:
    """Return the helpdesk's machines; before them, for a ticket that has one, none."""
    ticket = await ticket_here(context, answers["ticket"])
    async with context.transaction() as session:
        rows = await list_machines(
            session, organizations=[ticket.organization_id], search=search, limit=LISTED
        )
    found = [Option(row.machine_id, row.name, row.serial_number or "") for row in rows]
    if ticket.machine_id is None or search:
        return found
    none = context.parts.renderer.words("buttons", "no_machine", context.handling.audience)
    return [Option(NO_MACHINE, none), *found]


async def _link(context: SiagaContext, answers: Answers, source: str) -> None:
    ticket, machine = await ticket_here(context, answers["ticket"]), answers["machine"]
    wanted = None if machine.id == NO_MACHINE else machine.id
    await move(context, source, ticket, TicketMove.LINK, machine_id=wanted, note=machine.label)


THING_DIALOGS = (
    Dialog(
        DIALOGS[TicketMove.DETACH],
        fields=(
            _TICKET,
            PickerField(name="attachment", options=attachment_options),
            ConfirmField(name="confirm", label="detach_yes"),
        ),
        finish=_detach,
    ),
    Dialog(
        DIALOGS[TicketMove.LINK],
        fields=(_TICKET, PickerField(name="machine", options=_machines)),
        finish=_link,
    ),
)
