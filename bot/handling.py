"""One handling of one update: what it was, whether its callback is answered, how it ended."""

import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Message, Update

from bot.api import ApiError, ApiUnanswered
from bot.callbacks import Tap
from bot.html_text import shorten
from bot.parts import Parts
from bot.render import TOAST_LIMIT, Audience
from domain.defaults import TIME_ZONE
from domain.ids import telegram_source
from domain.people import Person

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 2.0
"""A callback that has no answer by then is answered "noted" (DESIGN 3.2)."""


class NotedYet(Exception):
    """Temporal did not answer in time: the update is put back and handled again (DESIGN 3.12)."""


@dataclass(slots=True)
class Handling:
    """State of one run through the handlers; ``album`` holds every message of an album in order."""

    parts: Parts
    update: Update
    album: tuple[Message, ...] = ()
    answered: bool = False
    """The callback is answered, or the person was told "noted", now or by an earlier handling."""
    person: Person | None = None
    tap: Tap | None = None
    audience: Audience = field(init=False)
    replies: int = 0
    finishing: int = 0
    """The dialog that is at its end; another one may open in its place."""
    error: BaseException | None = None

    def __post_init__(self) -> None:
        """Before the person is known, speak the phone's language."""
        user = self.update.effective_user
        spoken = (user.language_code or "") if user else ""
        language = "en" if spoken.startswith("en") else self.parts.settings.language
        self.audience = Audience(language, TIME_ZONE)

    @property
    def source(self) -> str:
        """The update's id as the source of what it causes."""
        return telegram_source(self.update.update_id)

    @property
    def chat_id(self) -> int | None:
        """The chat the update belongs to."""
        chat = self.update.effective_chat
        return chat.id if chat else None

    async def answer(self, text: str = "", *, alert: bool = False) -> bool:
        """Answer the callback if that was not done yet; return whether this call did it."""
        query = self.update.callback_query
        if query is None or self.answered:
            return False
        self.answered = True
        given: dict[str, Any] = {"callback_query_id": query.id}
        if text:
            given |= {"text": shorten(text, TOAST_LIMIT), "show_alert": alert or None}
        try:
            try:
                await self.parts.api.call("answerCallbackQuery", given)
            except ApiUnanswered:  # to answer a second time changes nothing
                await self.parts.api.call("answerCallbackQuery", given)
        except ApiError as error:
            # The phone stops waiting by itself, and the card brings the result.
            log.info("update %s: the callback was not answered: %s", self.update.update_id, error)
        return True

    async def answer_noted(self) -> None:
        """Answer "noted": the work goes on and the card brings the result."""
        if self.update.callback_query is not None and not self.answered:
            await self.answer(self.parts.renderer.plain("machinery/noted", self.audience, {}))


CURRENT: ContextVar[Handling] = ContextVar("handling")
"""The handling that the present task is in."""
