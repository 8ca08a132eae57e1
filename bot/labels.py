"""Machine labels as files in the chat: drawn, stored, queued; the same label is the same file."""

import asyncio
import re
from collections.abc import Callable, Sequence

from bot.content import Document
from bot.context import SiagaContext
from db.papers import labels
from db.papers.labels import Label
from db.queries.machines import MachineDetail, list_machines
from domain.errors import NotFound
from domain.machine_codes import CodeAddresses

MOST = 400
"""Machines on one set of sheets: a hundred pages."""


async def send_label(context: SiagaContext, machine: MachineDetail) -> None:
    """Send a machine's label as PNG, as A6, and four times on A4."""
    label = _label(context, machine)
    name = _file_name(machine.name)
    image = await _stored(context, lambda: labels.png(label), f"{name}.png", "image/png")
    await context.reply("replies/label_image", document=image, machine=machine)
    one = await _stored(context, lambda: labels.a6(label), f"{name}-A6.pdf", "application/pdf")
    await context.reply("replies/label_a6", document=one)
    sheet = await _stored(context, lambda: labels.a4([label]), f"{name}-A4.pdf", "application/pdf")
    await context.reply("replies/label_a4", document=sheet, count=1)


async def send_sheets(context: SiagaContext, organization_id: int) -> None:
    """Send the labels of an organization's machines, four to a page; raises ``NotFound`` when it has none."""
    async with context.transaction() as session:
        machines: Sequence[MachineDetail] = await list_machines(
            session, organizations=[organization_id], limit=MOST
        )
    if not machines:
        raise NotFound(noun="machine")
    drawn = [_label(context, one) for one in machines]
    sheets = await _stored(context, lambda: labels.a4(drawn), "label-A4.pdf", "application/pdf")
    await context.reply("replies/label_a4", document=sheets, count=len(machines))


def _label(context: SiagaContext, machine: MachineDetail) -> Label:
    addresses = CodeAddresses(context.parts.settings.public_url, context.bot.username)
    uuid = machine.uuid
    return Label(uuid, machine.name, machine.serial_number, addresses.printed(uuid), addresses.typed(uuid))


async def _stored(context: SiagaContext, draw: Callable[[], bytes], name: str, media_type: str) -> Document:
    content = await asyncio.to_thread(draw)
    sha256 = await asyncio.to_thread(context.files.put, content)
    return Document(sha256, name, media_type)


def _file_name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60] or "label"
