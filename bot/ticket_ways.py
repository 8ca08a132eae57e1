"""The way from a list to a ticket: the link into its topic, or a button that sends its card."""

from bot.keyboards import Button, button, link
from db.queries.staff_groups import Room
from db.queries.tickets import TicketDetail

ABOUT_QUEUE = "queue"
_SUPERGROUP = -1_000_000_000_000
"""Telegram's links name a supergroup by what is left of its number without this."""


def way_to(ticket: TicketDetail, room: Room | None) -> Button:
    """Return the link into a ticket's topic, or the button that sends its card."""
    if room is None or room.thread_id is None or room.lost_at is not None:
        return button("ticket_line", ABOUT_QUEUE, "open", ticket.ticket_id, words={"ticket": ticket})
    address = f"https://t.me/c/{_SUPERGROUP - room.chat_id}/{room.thread_id}"
    line = link("ticket_line", address)
    return Button(label=line.label, url=line.url, words={"ticket": ticket})
