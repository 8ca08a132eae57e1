"""Carrying one delivery: compose it, make the call, and say how its outcome is to be recorded."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.api import ApiRefused, ApiUnanswered, ApiUnreachable, Upload
from bot.outgoing import Composer, Nothing, Outgoing
from bot.parts import Parts
from bot.rooms import Step, put_right
from db.chat import cards, deliveries, outcomes, rates, relay_ends, rooms
from db.chat.outages import is_outage
from db.chat.overtaken import overtaken
from db.chat.queue import Due
from db.migrated_groups import group_migrated
from db.session import SYSTEM
from db.staff_groups import group_changed
from domain.staff_groups import GroupProblem

log = logging.getLogger(__name__)

_FORBIDDEN, _TOO_MANY, _UNAUTHORIZED, _NOT_FOUND = 403, 429, 401, 404
_GONE = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")
_TOKEN_WAIT_S = 30.0
_PART = "file"
_NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}

Record = Callable[[AsyncSession], Awaitable[None]]
"""Writes an outcome in a transaction; may be called again when that transaction failed."""


class Courier:
    """Sends deliveries. ``space`` is awaited right before each call."""

    def __init__(self, parts: Parts, space: Callable[[], Awaitable[None]]) -> None:
        self._parts = parts
        self._database = parts.settings.database
        self._composer = Composer(parts)
        self._space = space

    async def carry(self, due: Due) -> Record:
        """Send a delivery and return how to record what became of it."""
        try:
            async with self._database.transaction(SYSTEM) as session:
                outgoing = await self._composer.compose(session, due)
        except Exception as error:
            problem = repr(error)
            if is_outage(error):
                return lambda session: outcomes.again(session, due, problem)
            log.exception("delivery %s (%s) cannot be rendered", due.id, due.template)
            return lambda session: outcomes.failed(session, due, problem)
        if isinstance(outgoing, Nothing):
            return self._nothing(due, outgoing)
        if isinstance(outgoing, Step):
            return await self._step(due, outgoing)
        return await self._call(due, outgoing)

    def _nothing(self, due: Due, nothing: Nothing) -> Record:
        if nothing.done:
            return lambda session: self._shown_already(session, due, nothing)
        return lambda session: outcomes.failed(session, due, nothing.reason, dropped=True)

    async def _shown_already(self, session: AsyncSession, due: Due, nothing: Nothing) -> None:
        await outcomes.sent(session, due)
        if nothing.card is not None:
            await overtaken(session, nothing.card)

    async def _step(self, due: Due, step: Step) -> Record:
        """Make a call that comes before the delivery; then the delivery is due again."""
        try:
            await self._space()
            result = await self._parts.api.call(step.method, step.given)
        except ApiRefused as error:
            if not any(text in error.description for text in step.so_already):
                return self._refused(due, step, error)
            result = True
        except ApiUnreachable as error:
            problem = str(error)
            return lambda session: outcomes.again(session, due, problem)
        except ApiUnanswered as error:
            problem = str(error)
            return lambda session: outcomes.unknown(session, due, problem, first_send=False)

        async def record(session: AsyncSession) -> None:
            await step.then(session, result)
            if step.last:
                await outcomes.sent(session, due)
            else:
                await outcomes.again(session, due, step.method, wait_s=0.0)

        return record

    async def _call(self, due: Due, outgoing: Outgoing) -> Record:
        """Make the call and return how to record its outcome."""
        if outgoing.album and (wait_s := await self._album_waits(due, outgoing)) > 0:
            return lambda session: outcomes.again(session, due, "an album waits for room", wait_s=wait_s)
        try:
            await self._space()
            result = await self._send(due, outgoing)
        except ApiUnreachable as error:
            log.warning("delivery %s did not leave: %s", due.id, error)
            problem = str(error)
            return lambda session: outcomes.again(session, due, problem)
        except ApiUnanswered as error:
            first = outgoing.edit is None
            log.warning("delivery %s: nobody knows whether it was sent: %s", due.id, error)
            problem = str(error)
            return lambda session: outcomes.unknown(session, due, problem, first_send=first)
        except ApiRefused as error:
            return self._refused(due, outgoing, error)
        if outgoing.album:
            copies = [one["message_id"] for one in result]
            return lambda session: self._album_sent(session, due, outgoing, copies)
        message_id = result.get("message_id") if isinstance(result, dict) else None
        return lambda session: self._sent(session, due, outgoing, message_id)

    async def _album_waits(self, due: Due, outgoing: Outgoing) -> float:
        async with self._database.transaction(SYSTEM) as session:
            return await rates.room_for_album(session, due.chat_id, len(outgoing.album))

    async def _send(self, due: Due, outgoing: Outgoing) -> Any:  # noqa: ANN401 - a message or True
        shared: dict[str, Any] = {
            "chat_id": due.chat_id,
            "parse_mode": "HTML",
            "reply_markup": outgoing.markup,
        }
        if outgoing.edit is not None and outgoing.copies is not None:
            captioned = {"message_id": outgoing.edit, "caption": outgoing.text}
            return await self._parts.api.call("editMessageCaption", shared | captioned)
        if outgoing.edit is not None:
            edited = {"message_id": outgoing.edit, "text": outgoing.text}
            return await self._parts.api.call("editMessageText", shared | _NO_PREVIEW | edited)
        shared |= {
            "message_thread_id": outgoing.place.thread_id if outgoing.place else due.thread_id,
            "disable_notification": outgoing.silent or None,
        }
        if outgoing.reply_to is not None:
            shared["reply_parameters"] = {
                "message_id": outgoing.reply_to,
                "allow_sending_without_reply": True,
            }
        if outgoing.copies is not None:
            return await self._copy(outgoing, outgoing.copies, shared)
        if outgoing.photo is not None:
            return await self._send_file(
                "photo", outgoing.photo, ("photo.jpg", "image/jpeg"), shared, outgoing
            )
        if (file := outgoing.document) is not None:
            return await self._send_file(
                "document", file.sha256, (file.name, file.media_type), shared, outgoing
            )
        return await self._parts.api.call("sendMessage", shared | _NO_PREVIEW | {"text": outgoing.text})

    async def _copy(self, outgoing: Outgoing, copies: tuple[int, int], shared: dict[str, Any]) -> Any:  # noqa: ANN401 - ids
        """Copy a message with the text as its caption, or an album, which takes no text along."""
        if not outgoing.album:
            copied = {"from_chat_id": copies[0], "message_id": copies[1], "caption": outgoing.text}
            return await self._parts.api.call("copyMessage", shared | copied)
        told = {name: shared[name] for name in ("chat_id", "message_thread_id", "disable_notification")}
        several = {"from_chat_id": copies[0], "message_ids": outgoing.album}
        bare = {"remove_caption": outgoing.bare or None}
        return await self._parts.api.call("copyMessages", told | several | bare)

    async def _send_file(
        self, kind: str, sha256: str, named: tuple[str, str], shared: dict[str, Any], outgoing: Outgoing
    ) -> Any:  # noqa: ANN401 - a message
        """Send a stored file as ``kind`` (photo or document) under its name and media type."""
        content = await asyncio.to_thread(self._parts.settings.files.get, sha256)
        name, media_type = named
        given = shared | {kind: f"attach://{_PART}", "caption": outgoing.text}
        upload = {_PART: Upload(name, content, media_type)}
        return await self._parts.api.call(f"send{kind.capitalize()}", given, upload=upload)

    async def _album_sent(
        self, session: AsyncSession, due: Due, outgoing: Outgoing, copies: list[int]
    ) -> None:
        place = outgoing.place
        await outcomes.sent(session, due, copies[0], thread_id=place.thread_id if place else None)
        await rates.took_album(session, due.chat_id, len(copies))
        await relay_ends.album_arrived(session, due, outgoing.relays, copies)

    async def _sent(
        self, session: AsyncSession, due: Due, outgoing: Outgoing, message_id: int | None
    ) -> None:
        new = message_id if outgoing.edit is None else None
        place = outgoing.place
        await outcomes.sent(session, due, new, thread_id=place.thread_id if place else None)
        card = outgoing.card
        if place is not None and card is not None and place.thread_id is None and new is not None:
            await rooms.rooted(session, place.ticket_id, due.chat_id, new)
        if outgoing.relays and new is not None:
            await relay_ends.arrived(session, due, outgoing.relays, new)
        if card is not None and message_id is not None:
            await overtaken(session, card)
            await cards.shown(session, card.id, message_id, outgoing.content_hash, anew=outgoing.edit is None)
            if outgoing.shrinks is not None:
                await cards.shrink_message(
                    session,
                    card.thing,
                    card.thing_id,
                    card.chat_id,
                    outgoing.shrinks,
                    user_id=card.user_id,
                    thread_id=card.thread_id,
                )
        if outgoing.forget_s is not None and new is not None:
            await deliveries.queue_reply(
                session,
                source=f"forget-{due.id}",
                template="machinery/secret_gone",
                chat_id=due.chat_id,
                thread_id=due.thread_id,
                user_id=due.user_id,
                content={"text": outgoing.forget_text, "markup": None},
                edit_message_id=new,
                delay_s=outgoing.forget_s,
            )

    def _refused(self, due: Due, outgoing: Outgoing | Step, error: ApiRefused) -> Record:
        """Return what a refusal of Telegram means for a delivery."""
        problem = str(error)
        if isinstance(outgoing, Outgoing) and "message is not modified" in error.description:
            return lambda session: self._sent(session, due, outgoing, outgoing.edit)
        if error.code == _TOO_MANY:
            log.warning("delivery %s waits: %s", due.id, problem)
            return lambda session: self._later(session, due, error.retry_after or 1.0)
        if error.migrated_to is not None and due.chat_id < 0:
            new = error.migrated_to
            return lambda session: self._migrated(session, due, new)
        if error.code == _FORBIDDEN:
            log.info("chat %s cannot be written to: %s", due.chat_id, problem)
            return lambda session: self._shut_out(session, due, problem)
        if error.code in (_UNAUTHORIZED, _NOT_FOUND):
            log.error("Telegram does not know this token (TELEGRAM_TOKEN): %s", problem)
            return lambda session: self._token_refused(session, due, problem)
        return lambda session: self._not_sent(session, due, outgoing, problem)

    async def _not_sent(
        self, session: AsyncSession, due: Due, outgoing: Outgoing | Step, problem: str
    ) -> None:
        """A message, a topic or a right is gone: take note of it and try anew in what is left."""
        if isinstance(outgoing, Outgoing) and outgoing.edit and any(text in problem for text in _GONE):
            await self._message_gone(session, due, outgoing, problem)
            return
        place = outgoing if isinstance(outgoing, Step) else outgoing.place
        if await put_right(session, place, due.chat_id, problem):
            await outcomes.again(session, due, problem, wait_s=0.0)
            return
        log.error("delivery %s (%s) was refused: %s", due.id, due.template or "card", problem)
        await outcomes.failed(session, due, problem)

    async def _migrated(self, session: AsyncSession, due: Due, new_chat_id: int) -> None:
        """The group is another chat now: what waits for it goes there."""
        await outcomes.again(session, due, "the group became a supergroup", wait_s=0.0)
        await group_migrated(session, due.chat_id, new_chat_id)

    async def _shut_out(self, session: AsyncSession, due: Due, problem: str) -> None:
        if due.chat_id < 0:
            source = f"group-{due.chat_id}-{due.id}"
            await group_changed(session, due.chat_id, GroupProblem.REMOVED, source=source)
        await outcomes.blocked(session, due, problem)

    async def _later(self, session: AsyncSession, due: Due, wait_s: float) -> None:
        await rates.block(session, due.chat_id, wait_s)
        await outcomes.again(session, due, "retry after", wait_s=wait_s)

    async def _token_refused(self, session: AsyncSession, due: Due, problem: str) -> None:
        await rates.block_token(session, _TOKEN_WAIT_S)
        await outcomes.again(session, due, problem, wait_s=_TOKEN_WAIT_S)

    async def _message_gone(self, session: AsyncSession, due: Due, outgoing: Outgoing, problem: str) -> None:
        """The message to edit is gone: a card or a reply is sent anew, a line that nobody sees is not."""
        if outgoing.card is not None:
            await cards.lost_message(session, outgoing.card.id)
        elif due.content is None or due.source is None or due.source.startswith("forget-"):
            await outcomes.failed(session, due, problem, dropped=True)
            return
        else:
            await outcomes.send_anew(session, due)
        await outcomes.again(session, due, problem, wait_s=0.0)
