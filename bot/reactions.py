"""Saying "seen" without a message."""

import contextlib

from bot.api import ApiError
from bot.context import SiagaContext

SEEN = "👌"


async def seen(context: SiagaContext) -> None:
    """React to the person's message; a reaction that fails is no loss, since the card shows what came."""
    with contextlib.suppress(ApiError):
        await context.parts.api.call(
            "setMessageReaction",
            {
                "chat_id": context.chat_id,
                "message_id": context.album[0].message_id,
                "reaction": [{"type": "emoji", "emoji": SEEN}],
            },
        )
