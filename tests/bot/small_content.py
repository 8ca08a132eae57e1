"""A small content for tests of the machinery: one card, one dialog, a few commands that do what they say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.ext import Application

from bot.content import CardView, Content, NoticeView, Reader
from bot.context import SiagaContext
from bot.dialogs.fields import (
    Answers,
    ChoiceField,
    ConfirmField,
    DateTimeField,
    Dialog,
    LocationField,
    NumberField,
    Option,
    PhotosField,
    PickerField,
    TextField,
)
from bot.keyboards import button
from bot.registration import on_command, on_photo, on_tap, on_text
from db.chat.cards import touch_cards
from domain.chat import Thing
from domain.errors import AlreadyTaken, InvalidInput
from workflows.client import Noted

TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class Stage:
    """What the handlers of a test share and what they saw, over all replicas of the test."""

    titles: dict[int, str] = field(default_factory=dict)
    """The rows behind the cards."""
    final: set[int] = field(default_factory=set)
    handled: list[tuple[int, str]] = field(default_factory=list)
    handling: dict[int, int] = field(default_factory=dict)
    """Handlers at work per chat, to see that it is never two."""
    temporal_away: bool = False
    applied: list[str] = field(default_factory=list)
    finished: list[dict[str, Any]] = field(default_factory=list)
    options: list[str] = field(default_factory=lambda: ["Ani", "Budi", "Citra"])

    def content(self) -> Content:
        """The content of a replica."""
        return Content(
            register=self.register,
            cards={Thing.MACHINE: self.card},
            dialogs={"visit": self.dialog(), "report": self.report()},
            notices={"with_button": self.with_button},
        )

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Add the handlers."""
        application.add_handlers(
            [
                on_command(("boom",), self.boom),
                on_command(("work",), self.work),
                on_command(("secret",), self.secret),
                on_command(("visit",), self.visit),
                on_command(("photos",), self.photos_dialog),
                on_command(("stop",), self.stop),
                on_tap("machine", "touch", self.touch),
                on_tap("machine", "slow", self.slow),
                on_tap("machine", "taken", self.taken),
                on_tap("machine", "work", self.work),
                on_photo(self.photo),
                on_text(self.text),
            ]
        )

    async def card(self, _session: AsyncSession, thing_id: int, _reader: Reader) -> CardView | None:
        """The card of a row."""
        title = self.titles.get(thing_id)
        if title is None:
            return None
        rows = [
            [button(action, "machine", action, thing_id)] for action in ("touch", "slow", "taken", "work")
        ]
        return CardView(template="cards/plain", row=title, keyboard=rows, final=thing_id in self.final)

    async def with_button(
        self, _session: AsyncSession, row: object, _details: object, _reader: Reader
    ) -> NoticeView:
        """A notice that offers the card's button."""
        return NoticeView(keyboard=[[button("touch", "machine", "touch", 1)]], context={"row": row})

    async def text(self, update: Update, context: SiagaContext) -> None:
        """Remember a text, and that nobody else handled this chat meanwhile."""
        chat = context.chat_id
        self.handling[chat] = self.handling.get(chat, 0) + 1
        assert self.handling[chat] == 1, "two handlers in one chat"
        await asyncio.sleep(0)
        self.handled.append((chat, (update.message and update.message.text) or ""))
        self.handling[chat] -= 1
        if update.message and (update.message.text or "").startswith("echo"):
            await context.reply("replies/echo", text=update.message.text)

    async def boom(self, _update: Update, context: SiagaContext) -> None:
        """A handler with a fault."""
        self.applied.append(context.source)
        message = "a fault of ours"
        raise RuntimeError(message)

    async def work(self, _update: Update, context: SiagaContext) -> None:
        """A handler that needs Temporal."""
        result = Noted(context.source) if self.temporal_away else context.source
        self.applied.append(context.settled(result))
        await context.answer("toasts/done")
        await context.reply("replies/echo", text="applied")

    async def secret(self, _update: Update, context: SiagaContext) -> None:
        """Show a secret."""
        await context.reply("replies/echo", secret=True, text="hunter2")

    async def touch(self, _update: Update, context: SiagaContext) -> None:
        """Change the row behind the card."""
        self.titles[context.tap.id] = f"touched by {context.source}"
        async with context.transaction() as session:
            await touch_cards(session, (Thing.MACHINE, context.tap.id))
        await context.answer("toasts/done")

    async def slow(self, _update: Update, context: SiagaContext) -> None:
        """A handler that is slower than people wait."""
        await asyncio.sleep(2.5)
        await context.answer("toasts/done")

    async def taken(self, _update: Update, _context: SiagaContext) -> None:
        """A refusal."""
        raise AlreadyTaken(holder="Budi")

    async def photo(self, _update: Update, context: SiagaContext) -> None:
        """Count an album."""
        await context.reply("replies/echo", text=f"{len(context.album)} photos")

    async def visit(self, _update: Update, context: SiagaContext) -> None:
        """Open the long dialog."""
        await context.open_dialog("visit")

    async def photos_dialog(self, _update: Update, context: SiagaContext) -> None:
        """Open the photo dialog."""
        await context.open_dialog("report")

    async def stop(self, _update: Update, context: SiagaContext) -> None:
        """Cancel a dialog."""
        await context.reply(
            "replies/echo", text="stopped" if await context.close_dialog() else "nothing open"
        )

    def dialog(self) -> Dialog:
        """One field of each kind."""
        fields = (
            TextField(name="name", max_length=20, check=self.no_swearing),
            NumberField(name="capacity", minimum=1, maximum=5000, optional=True),
            ChoiceField(name="kind", choices=("repair", "inspection")),
            PickerField(name="who", options=self.people),
            LocationField(name="place", when=lambda answers: answers.get("kind") == "repair"),
            DateTimeField(name="at"),
            ConfirmField(name="confirm"),
        )
        return Dialog("visit", fields, self.finish)

    def report(self) -> Dialog:
        """Photos only."""
        return Dialog("report", (PhotosField(name="pictures", minimum=2, maximum=4),), self.finish)

    async def people(self, _context: SiagaContext, _answers: Answers, search: str) -> Sequence[Option]:
        """The options of the picker."""
        found = [name for name in self.options if search.lower() in name.lower()]
        return [Option(number, name, "2 tugas") for number, name in enumerate(found, 1)]

    async def no_swearing(self, _context: SiagaContext, value: object, _answers: Answers) -> None:
        """A check of an answer."""
        if value == "sial":
            raise InvalidInput(field="name", problem="rude")

    async def finish(self, context: SiagaContext, answers: Answers, source: str) -> None:
        """Keep what the dialog brought."""
        context.settled(Noted(source) if self.temporal_away else source)
        self.applied.append(source)
        self.finished.append(dict(answers))
        await context.reply("replies/echo", text="finished")
