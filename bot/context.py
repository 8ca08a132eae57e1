"""What a handler works with."""

import dataclasses
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message
from telegram.ext import Application, CallbackContext, ExtBot

from bot.api import ApiRefused
from bot.callbacks import Tap
from bot.content import Document
from bot.handling import CURRENT, Handling, NotedYet
from bot.html_text import shorten
from bot.keyboards import Keyboard
from bot.markup import markup
from bot.parts import Parts
from bot.settings import Files
from db.chat import cards, deliveries
from db.session import SYSTEM, Scope
from domain.chat import Loudness, SendPriority, Thing
from domain.defaults import SECRET_SHOWN_S
from domain.errors import FileTooBig, NotAllowed, Refusal
from domain.people import Person
from workflows.client import Gateway, Noted

if TYPE_CHECKING:
    from bot.dialogs.engine import Engine

T = TypeVar("T")
Shared = dict[str, Any]


class SiagaContext(CallbackContext[ExtBot[None], Shared, Shared, Shared]):
    """PTB's context with the person, the tap, and the ways to answer.

    ``reply`` and ``edit`` go through the outbox: durable, within Telegram's rates, and a repeated handling of
    the same update sends them once.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id, user_id)
        # PTB makes another context for its error handler, so what is known lives in the handling.
        self.handling: Handling = CURRENT.get()

    @property
    def parts(self) -> Parts:
        """The bot's parts."""
        return self.handling.parts

    @property
    def engine(self) -> "Engine":
        """The dialog engine."""
        engine: Engine = self.application.bot_data["engine"]
        return engine

    @property
    def person(self) -> Person | None:
        """The linked, active person; None for a stranger."""
        return self.handling.person

    @property
    def me(self) -> Person:
        """The person; raises ``NotAllowed`` for a stranger."""
        if self.person is None:
            raise NotAllowed(problem="stranger")
        return self.person

    @property
    def user_id(self) -> int | None:
        """The person's number; None for a stranger, who may report a problem."""
        return self.person.user_id if self.person else None

    @property
    def telegram_id(self) -> int:
        """The account that sent this update."""
        user = self.handling.update.effective_user
        return user.id if user else self.chat_id

    @property
    def language(self) -> str:
        """``id`` or ``en``: the person's, else the phone's."""
        return self.handling.audience.language

    @property
    def source(self) -> str:
        """``tg-<update id>``: makes what this update causes repeat-safe."""
        return self.handling.source

    @property
    def gateway(self) -> Gateway:
        """The door to the workflows."""
        return self.parts.settings.gateway

    @property
    def files(self) -> Files:
        """The byte store."""
        return self.parts.settings.files

    @property
    def ui_url(self) -> str:
        """The Temporal UI's address, or empty."""
        return self.parts.settings.ui_url

    @property
    def chat_id(self) -> int:
        """The chat this update belongs to."""
        number = self.handling.chat_id
        if number is None:
            raise NotAllowed(problem="no_chat")
        return number

    @property
    def thread_id(self) -> int:
        """The topic this update belongs to; 0 outside topics."""
        message = self.handling.update.effective_message
        if message is None or not getattr(message, "is_topic_message", None):
            return 0
        return message.message_thread_id or 0

    @property
    def dated(self) -> datetime | None:
        """The message's own date, however late it is handled; a tap has none."""
        update = self.handling.update
        message = update.message or update.edited_message
        return None if message is None else message.edit_date or message.date

    @property
    def said_at(self) -> datetime:
        """When the person said this: the message's date, or now."""
        return self.dated or datetime.now(UTC)

    @property
    def tap(self) -> Tap:
        """What the tapped button asks for."""
        if self.handling.tap is None:
            message = "this update is no tap"
            raise RuntimeError(message)
        return self.handling.tap

    @property
    def album(self) -> tuple[Message, ...]:
        """Every message of the album, in order; one message when it is a single one."""
        return self.handling.album

    def transaction(self, scope: Scope = SYSTEM) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction."""
        return self.parts.settings.database.transaction(scope)

    def statements(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a session of the system's scope whose statements are transactions by themselves."""
        return self.parts.settings.database.statements()

    def settled(self, result: T | Noted) -> T:
        """Return the result; when it is ``Noted``, stop: the update is handled again later."""
        if isinstance(result, Noted):
            raise NotedYet
        return result

    async def reply(  # noqa: PLR0913 - each is one thing a message can have
        self,
        template: str,
        *,
        keyboard: Keyboard = None,
        photo: str | None = None,
        document: Document | None = None,
        secret: bool = False,
        shown_s: float = SECRET_SHOWN_S,
        leaves: SendPriority = SendPriority.REPLY,
        **words: object,
    ) -> None:
        """Send a message from a template, with a stored picture (SHA-256) or a stored file if given.

        A ``secret`` one is unreadable while it waits, and is edited away ``shown_s`` after it was sent.
        """
        captioned = photo is not None or document is not None
        text = self.parts.renderer.html(template, self.handling.audience, words, caption=captioned)
        content = {"text": text, "photo": photo, "markup": self._markup(keyboard)}
        if document is not None:
            content["document"] = dataclasses.asdict(document)
        if secret:
            gone = self.parts.renderer.html("machinery/secret_gone", self.handling.audience, {})
            content = self.parts.sealer.seal(content) | {"forget_s": shown_s, "forget_text": gone}
        await self._queue(template, content, priority=leaves)

    async def edit(self, template: str, *, keyboard: Keyboard = None, **words: object) -> None:
        """Replace the message under the tapped button; without a tap, send a new one."""
        query = self.handling.update.callback_query
        message_id = query.message.message_id if query and query.message else None
        text = self.parts.renderer.html(template, self.handling.audience, words)
        await self._queue(template, {"text": text, "markup": self._markup(keyboard)}, message_id)

    async def answer(self, template: str | None = None, *, alert: bool = False, **words: object) -> None:
        """Answer the callback once; an alert that comes too late is sent as a message."""
        text = self.parts.renderer.plain(template, self.handling.audience, words) if template else ""
        if not await self.handling.answer(text, alert=alert) and alert and template:
            await self._say(template, text)

    async def refuse(self, refusal: Refusal) -> None:
        """Show a refusal: as an alert on a tap, with the card brought up to date, else as a message."""
        text = self.parts.renderer.refusal(refusal.code, self.handling.audience, refusal.details)
        if not await self.handling.answer(text, alert=True):
            await self._say(f"refusals/{refusal.code}", text)
        tap = self.handling.tap
        if tap is not None and tap.card is not None:
            async with self.transaction() as session:
                await cards.touch_cards(session, (tap.card, tap.id))

    async def show_card(self, thing: Thing, thing_id: int) -> None:
        """Send the person's card of a thing, at the bottom of their private chat."""
        self.handling.replies += 1
        async with self.transaction() as session:
            await cards.ensure_card(
                session,
                thing,
                thing_id,
                self.me.user_id,
                loudness=Loudness.SILENT,
                source=f"{self.source}#{self.handling.replies}",
                priority=SendPriority.REPLY,
            )

    async def open_dialog(self, name: str, **known: object) -> None:
        """Start a dialog in this chat; ``known`` answers are not asked."""
        await self.engine.open(self, name, known)

    async def close_dialog(self, name: str | None = None) -> bool:
        """End the person's open dialog here, or only one of that name; return whether there was one."""
        return await self.engine.cancel(self, name)

    async def download(self, file_id: str, limit_mb: int) -> bytes:
        """Return a file's bytes.

        Raises:
            FileTooBig: it is over the limit, or over what Telegram gives to bots.
        """
        try:
            found = await self.parts.api.call("getFile", {"file_id": file_id})
        except ApiRefused as error:
            if "too big" in error.description:
                raise FileTooBig(limit_mb=limit_mb) from None
            raise
        limit = limit_mb * 1024 * 1024
        if found.get("file_size", 0) > limit:
            raise FileTooBig(limit_mb=limit_mb)
        content = await self.parts.api.download(found["file_path"], limit)
        if content is None:
            raise FileTooBig(limit_mb=limit_mb)
        return content

    async def _say(self, name: str, text: str) -> None:
        shown = self.parts.renderer.html(
            "machinery/plain", self.handling.audience, {"text": shorten(text, 3000)}
        )
        await self._queue(name, {"text": shown, "markup": None})

    def _markup(self, keyboard: Keyboard) -> dict[str, Any] | None:
        parts = self.parts
        return markup(keyboard, self.handling.audience, self.chat_id, parts.renderer, parts.signer)

    async def _queue(
        self,
        template: str,
        content: Mapping[str, Any],
        message_id: int | None = None,
        priority: SendPriority = SendPriority.REPLY,
    ) -> None:
        self.handling.replies += 1
        async with self.transaction() as session:
            await deliveries.queue_reply(
                session,
                source=f"{self.source}#{self.handling.replies}",
                template=template,
                chat_id=self.chat_id,
                thread_id=self.thread_id or None,
                user_id=self.user_id,
                content=content,
                edit_message_id=message_id,
                priority=priority,
            )
