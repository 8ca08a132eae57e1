"""What the scenes of a technician's day share: steps, places, pictures, and what is counted."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import delete, insert, text

from db.models.access import LastPosition
from db.models.assignments import Checklist
from db.models.core import Setting
from db.session import SYSTEM
from domain.assignments import AssignmentMove, AssignmentView, TaskType
from siaga.simulator.person import Message, Person
from tests.bot.scenes.world import World

NEAR, FAR = (-6.1953, 106.8210), (-6.2040, 106.8300)
"""30 metres and 1.4 km from the machine in the mall."""
STEPS: list[dict[str, Any]] = [
    {"code": "door", "label_id": "Pintu servis bersih", "label_en": "Service door clean"},
    {"code": "camera", "label_id": "Kamera jernih", "label_en": "Camera clear", "critical": True},
    {
        "code": "volt",
        "label_id": "Tegangan",
        "label_en": "Voltage",
        "kind": "number",
        "minimum": 11,
        "maximum": 13,
        "unit": "V",
    },
    {"code": "note", "label_id": "Temuan", "label_en": "Findings", "kind": "text"},
    {"code": "plate", "label_id": "Foto pelat", "label_en": "Photo of the plate", "kind": "photo"},
]
FULL: dict[str, object] = {"kind": "tick", "critical": False, "minimum": None, "maximum": None, "unit": ""}


async def a_checklist(world: World, steps: int = len(STEPS)) -> None:
    """Give the organization its own steps for maintenance: the first ones of ``STEPS``."""
    async with world.field.database.transaction(SYSTEM) as session:
        await session.execute(
            insert(Checklist).values(
                organization_id=world.field.organization,
                task_type=TaskType.MAINTENANCE,
                items=[FULL | step for step in STEPS[:steps]],
            )
        )


async def without_steps(world: World) -> None:
    """Let the scene be about something else than checklists."""
    async with world.field.database.transaction(SYSTEM) as session:
        await session.execute(delete(Checklist))


async def plain_completions(world: World) -> None:
    """Let completions need no steps and take effect at once."""
    await without_steps(world)
    async with world.field.database.transaction(SYSTEM) as session:
        await session.merge(Setting(organization_id=world.field.organization, key="undo_s", value=0))


async def an_accepted_task(world: World, **changes: Any) -> AssignmentView:  # noqa: ANN401 - fields of the state
    task = await world.field.a_task(**changes)
    await world.field.move(task, AssignmentMove.ACCEPT)
    return task


async def taps(world: World) -> int:
    """Count the callback queries the bot has been sent."""
    found = await world.rows("select count(*) from telegram_updates where payload ? 'callback_query'")
    return int(found[0][0])


async def move_live(world: World, who: Person, sent: Message, place: tuple[float, float]) -> None:
    """Let a live location move."""
    url = f"/sim/people/{who.id}/location/{sent['message_id']}"
    body = {"latitude": place[0], "longitude": place[1], "horizontal_accuracy": 12}
    (await world.http.put(url, json=body)).raise_for_status()


def keys(message: Message) -> list[str]:
    """Return the labels of the keyboard under the text field that a message brought."""
    markup = message.get("sim", {}).get("reply_markup") or message.get("reply_markup") or {}
    return [key["text"] for row in markup.get("keyboard", ()) for key in row]


def picture(number: int) -> bytes:
    """Return a picture like no other."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (number * 20 % 256, number * 7 % 256, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


def data_of(card: Message, label: str) -> str:
    buttons = [button for row in card["reply_markup"]["inline_keyboard"] for button in row]
    return str(next(button["callback_data"] for button in buttons if button["text"] == label))


async def queued_since(world: World, *minutes: int) -> None:
    """Let the next messages be dated so many minutes ago, as when we could not fetch them meanwhile."""
    ages = ", ".join(str(60 * age) for age in minutes)
    steps = (
        "set role none",
        "create sequence queued",
        f"""
        create function dated_earlier() returns trigger language plpgsql as
        'declare age int := (array[{ages}])[nextval(''queued'')]; begin
           new.payload = jsonb_set(new.payload, ''{{message,date}}'',
             to_jsonb((new.payload #>> ''{{message,date}}'')::bigint - coalesce(age, 0)));
           return new; end'
        """,
        "grant usage on sequence queued to public",
        """
        create trigger dated_earlier before insert on telegram_updates
        for each row when (new.payload ? 'message') execute function dated_earlier()
        """,
        # What comes claimed would be handled as it was received.
        """
        create function not_claimed() returns trigger language plpgsql as
        'begin new.lease_owner = null; new.lease_until = null; return new; end'
        """,
        """
        create trigger not_claimed before update on chat_lanes
        for each row when (new.last_n > old.last_n and old.lease_owner is null) execute function not_claimed()
        """,
        "reset role",
    )
    async with world.field.database.engine.begin() as connection:
        for step in steps:
            await connection.execute(text(step))


async def an_old_position(world: World, who: Person) -> None:
    """Let a person's last position be an hour old."""
    user_id = world.field.people[who.name]
    at = datetime.now(UTC) - timedelta(hours=1)
    async with world.field.database.transaction(SYSTEM) as session:
        await session.merge(
            LastPosition(
                user_id=user_id, latitude=NEAR[0], longitude=NEAR[1], accuracy_m=5.0, is_live=True, at=at
            )
        )
