"""Joining a pharmacy by its code: asked of its person in charge, who knows the face (WORDS 5)."""

import re

from telegram import Update, User

from bot.context import SiagaContext
from bot.render import LANGUAGES
from db.people import TelegramIdentity
from db.pharmacies import TRIES_MINUTES, ask_to_join, may_try
from domain.errors import TooManyReports

_LINKED = re.compile(r"p_([A-Za-z0-9-]{4,24})")
"""Shorter than the code of an invitation."""
_BARE = re.compile(r"\s*[A-Za-z][A-Za-z0-9]{1,19}-[A-Za-z0-9]{3,10}\s*")
"""What looks like a code although no command stands before it: ``SEHAT-2471``."""


def code_in_link(payload: str) -> str:
    """Return the pharmacy's code in the payload of ``/start``; empty when there is none."""
    found = _LINKED.fullmatch(payload)
    return found[1] if found else ""


def looks_like_code(text: str) -> bool:
    """Return whether a text may be a pharmacy's code."""
    has_digit = any(letter.isdigit() for letter in text)
    return _BARE.fullmatch(text) is not None and (has_digit or text.isupper())


def identity(context: SiagaContext, user: User) -> TelegramIdentity:
    """Return who writes, in the language of their phone if it is one of ours."""
    spoken = user.language_code or ""
    language = next((one for one in LANGUAGES if spoken.startswith(one)), context.language)
    return TelegramIdentity(user.id, user.first_name, user.username, language)


async def say_or_join(update: Update, context: SiagaContext) -> None:
    """Read a bare code of somebody who works nowhere yet; anything else is answered with what helps."""
    text = update.message.text if update.message else None
    user = update.effective_user
    if text and user is not None and looks_like_code(text):
        await join(context, text, user)
    else:
        await context.reply("replies/start_stranger" if context.person is None else "replies/not_understood")


async def join(context: SiagaContext, code: str, user: User) -> None:
    """Ask the pharmacy's person in charge to confirm whoever knows its code.

    Raises:
        TooManyReports: too many codes were tried from this account.
        CodeUnknown, Suspended, AlreadyLinked: the code does not lead in.
    """
    async with context.transaction() as session:
        tries = await may_try(session, user.id)
    if not tries:
        raise TooManyReports(minutes=TRIES_MINUTES, noun="code")
    async with context.transaction() as session:
        asked = await ask_to_join(session, code, identity(context, user), context.source)
    if asked.request_id is None:
        await context.reply("replies/joined_already", pharmacy=asked.pharmacy_name)
    else:
        await context.reply("replies/join_asked", pharmacy=asked.pharmacy_name, again=not asked.is_new)
