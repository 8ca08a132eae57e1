"""Runs declared dialogs; where a person is, is a row, so any replica continues (DESIGN 6).

The prompt is a card of the dialog: a tap edits it in place; after something typed or sent, the question is
sent again at the bottom and the answered one shrinks to a line.
"""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.context import SiagaContext
from bot.dialogs import reading
from bot.dialogs.asking import Asker, field_of, next_field
from bot.dialogs.fields import Dialog, Field, PeopleField, PickerField
from bot.dialogs.passing import is_about_the_work, is_command
from bot.dialogs.values import decode_all, encode
from bot.html_text import first_line
from bot.parts import Parts
from db.chat import cards, deliveries, dialogs
from db.chat.dialogs import DialogState
from domain.chat import Loudness, SendPriority, Thing
from domain.errors import InvalidInput, NotAllowed, OldCard, Refusal

OPTIONS_MOST = 200


class Engine:
    """Opens dialogs, takes what is meant for them, and shows their prompts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._dialogs = parts.content.dialogs
        self._asker = Asker(parts)

    async def open(self, context: SiagaContext, name: str, known: Mapping[str, object]) -> None:
        """Start a dialog in place of whatever the person had open; a repeat of the update opens it once."""
        dialog = self._dialogs[name]
        state = await self._load(context)
        if state is not None and state.source == context.source:
            return
        if state is not None and state.id != context.handling.finishing:
            await self._end(context, state, "machinery/cancelled")
        answers = {key: encode(value) for key, value in known.items()}
        user = context.telegram_id
        state = DialogState(
            0,
            context.chat_id,
            context.thread_id,
            user,
            name,
            "",
            [],
            answers,
            {},
            0,
            context.source,
            context.source,
        )
        asked = next_field(dialog, decode_all(answers))
        if asked is None:
            await dialog.finish(context, decode_all(answers), context.source)
            return
        await self._enter(context, state, asked)
        async with context.transaction() as session:
            state.id = await dialogs.open_dialog(session, state, dialog.hours_open)
            await self._prompt(session, context, state, Loudness.SILENT)

    async def cancel(self, context: SiagaContext, name: str | None = None) -> bool:
        """End the person's dialog in this chat, or only one of that name; return whether there was one."""
        state = await self._load(context)
        if state is None or name not in (None, state.name) or state.id == context.handling.finishing:
            return False
        await self._end(context, state, "machinery/cancelled")
        return True

    async def takes(self, update: Update, context: SiagaContext) -> bool:
        """Let an open dialog take a message or a tap; return whether it did."""
        tap = context.handling.tap
        if update.callback_query is not None:
            if tap is None or tap.thing != Thing.DIALOG:
                return False
            await self._take_tap(context)
            return True
        message = update.message
        if message is None or is_command(message) or message.text in self._parts.renderer.keys:
            return False
        state = await self._load(context)
        if (
            state is None
            or state.name not in self._dialogs
            or is_about_the_work(self._dialogs[state.name], state, message)
        ):
            return False
        if state.last_source != context.source:
            await self._take_message(context, state)
        return True

    async def _load(self, context: SiagaContext) -> DialogState | None:
        async with context.statements() as session:
            return await dialogs.dialog_at(session, context.chat_id, context.thread_id, context.telegram_id)

    async def _take_message(self, context: SiagaContext, state: DialogState) -> None:
        asked = field_of(self._dialogs[state.name], state.field)
        read = reading.read_message(asked, context.album, state.draft, context.handling.audience.zone)
        await self._apply(context, state, read, typed=True)

    async def _take_tap(self, context: SiagaContext) -> None:
        tap, state = context.tap, await self._load(context)
        if state is None or state.id != tap.id:
            await self._refuse_others(context)
        if state is None or state.id != tap.id or state.name not in self._dialogs:
            raise OldCard
        if state.last_source == context.source:
            return
        if state.version != tap.version:
            raise OldCard
        dialog = self._dialogs[state.name]
        if tap.action == "cancel":
            await self._end(context, state, "machinery/cancelled")
        elif tap.action == "back" and state.path:
            name = state.path.pop()
            state.answers.pop(name, None)
            await self._enter(context, state, field_of(dialog, name))
            await self._save(context, state, typed=False)
        elif tap.action == "skip" and field_of(dialog, state.field).optional:
            await self._apply(context, state, reading.Answer(None), typed=False)
        else:
            asked = field_of(dialog, state.field)
            zone = context.handling.audience.zone
            read = reading.read_tap(asked, tap.action, tap.args, state.draft, zone)
            await self._apply(context, state, read, typed=False)

    async def _refuse_others(self, context: SiagaContext) -> None:
        """In a group everybody sees a prompt; only who is asked answers it."""
        async with context.transaction() as session:
            asked = await dialogs.dialog_by_id(session, context.tap.id)
        if asked is not None and asked.telegram_id != context.telegram_id:
            raise NotAllowed(problem="others_question")

    async def _apply(
        self, context: SiagaContext, state: DialogState, read: reading.Reading, *, typed: bool
    ) -> None:
        dialog = self._dialogs[state.name]
        asked = field_of(dialog, state.field)
        state.draft = {key: value for key, value in state.draft.items() if key not in ("problem", "details")}
        match read:
            case reading.Confirmed():
                await self._finish(context, dialog, state)
                return
            case reading.Answer():
                await self._answer(context, state, read.value, typed=typed)
                return
            case reading.Stay():
                state.draft = read.draft
            case reading.Search():
                await self._search(context, state, asked, read.text)
            case reading.Problem():
                state.draft = state.draft | {"problem": read.code, "details": read.details}
        await self._save(context, state, typed=typed)

    async def _answer(self, context: SiagaContext, state: DialogState, value: object, *, typed: bool) -> None:
        """Check an answer and go on; a refused one leaves the question open with the reason above it."""
        dialog = self._dialogs[state.name]
        asked = field_of(dialog, state.field)
        try:
            if asked.check is not None and value is not None:
                await asked.check(context, value, decode_all(state.answers))
        except InvalidInput as refusal:
            details = dict(refusal.details)
            problem = str(details.pop("problem", "unknown_problem"))
            state.draft = state.draft | {"problem": problem, "details": details}
            await self._save(context, state, typed=typed)
            return
        old = self._asker.answered_line(dialog, state, value, context.handling.audience) if typed else ""
        state.answers[asked.name] = encode(value)
        following = next_field(dialog, decode_all(state.answers), after=asked.name)
        if following is None:
            await self._finish(context, dialog, state, old)
            return
        state.path.append(asked.name)
        await self._enter(context, state, following)
        await self._save(context, state, typed=typed, old=old)

    async def _finish(self, context: SiagaContext, dialog: Dialog, state: DialogState, old: str = "") -> None:
        answers = decode_all(state.answers)
        wanted = {
            one.name: answers.get(one.name) for one in dialog.fields if one.when is None or one.when(answers)
        }
        context.handling.finishing = state.id
        try:
            await dialog.finish(context, wanted, state.source)
        except Refusal:
            # Another try is another request: the refused one may be remembered under the old source.
            state.source = context.source
            async with context.transaction() as session:
                await dialogs.save(session, state)
            raise
        await self._end(context, state, None, old)

    async def _enter(self, context: SiagaContext, state: DialogState, asked: Field) -> None:
        state.field, state.draft = asked.name, {}
        if isinstance(asked, PeopleField):
            everyone = await asked.everyone(context, decode_all(state.answers), "")
            state.draft["everyone"] = [{"id": one.id, "label": one.label} for one in everyone]
        if isinstance(asked, PickerField):
            await self._search(context, state, asked, "")

    async def _search(self, context: SiagaContext, state: DialogState, asked: Field, text: str) -> None:
        if not isinstance(asked, PickerField):
            return
        found = await asked.options(context, decode_all(state.answers), text)
        options = [{"id": one.id, "label": one.label, "note": one.note} for one in found[:OPTIONS_MOST]]
        total = state.draft.get("total", len(found))
        kept = {key: state.draft[key] for key in ("everyone", "ticked") if key in state.draft}
        listed = {"options": options, "search": text, "page": 0, "total": total if text else len(found)}
        state.draft = kept | listed

    async def _save(self, context: SiagaContext, state: DialogState, *, typed: bool, old: str = "") -> None:
        """Write the step and make its prompt due at once; ``old``: what the last prompt becomes."""
        line = old or first_line(
            self._asker.question(self._dialogs[state.name], state, context.handling.audience)
        )
        state.version += 1
        state.last_source = context.source
        async with context.transaction() as session:
            if typed:
                await self._leave_message(session, context, state, line)
            await dialogs.save(session, state)
            await self._prompt(session, context, state, Loudness.SILENT if typed else Loudness.EDIT)

    async def _leave_message(
        self, session: AsyncSession, context: SiagaContext, state: DialogState, line: str
    ) -> None:
        """The next prompt is a new message; the present one shrinks to ``line``."""
        card = await cards.card_of(session, Thing.DIALOG, state.id, state.chat_id)
        if card is None or card.message_id is None:
            return
        await cards.lost_message(session, card.id)
        await self._replace(session, context, state, card.message_id, line)

    async def _replace(
        self, session: AsyncSession, context: SiagaContext, state: DialogState, message_id: int, text: str
    ) -> None:
        await deliveries.queue_reply(
            session,
            source=f"{context.source}#prompt-{message_id}",
            template="machinery/answered",
            chat_id=state.chat_id,
            thread_id=None,
            user_id=context.user_id,
            content={"text": text, "markup": None},
            edit_message_id=message_id,
            # What is asked next goes first; within the rates a tidy chat comes after that.
            priority=SendPriority.DIGEST,
        )

    async def _prompt(
        self, session: AsyncSession, context: SiagaContext, state: DialogState, loudness: Loudness
    ) -> None:
        card = await cards.place_card(
            session,
            Thing.DIALOG,
            state.id,
            state.chat_id,
            user_id=context.user_id,
            thread_id=state.thread_id or None,
        )
        await cards.queue_card(
            session,
            card,
            loudness=loudness,
            source=None,
            priority=SendPriority.REPLY,
        )

    async def _end(
        self, context: SiagaContext, state: DialogState, template: str | None, old: str = ""
    ) -> None:
        """Close a dialog; its last prompt becomes ``old``, a line of a template, or keeps its text."""
        dialog = self._dialogs.get(state.name)
        text = old
        if dialog is not None and not text:
            text = self._asker.question(dialog, state, context.handling.audience)
        if template is not None:
            line = {"line": first_line(text)}
            text = self._parts.renderer.html(template, context.handling.audience, line)
        async with context.transaction() as session:
            card = await cards.card_of(session, Thing.DIALOG, state.id, state.chat_id)
            if card is not None:
                await cards.retire(session, card.id)
                if card.message_id is not None and text:
                    await self._replace(session, context, state, card.message_id, text)
            await dialogs.close(session, state.id)
