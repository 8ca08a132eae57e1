"""Keys that wait to be shown once (DESIGN 3.10)."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.core import SecretHandoff
from db.secrets import Cipher
from domain.errors import CodeUsed, NotFound


async def show_key(session: AsyncSession, handoff_id: UUID | None, cipher: Cipher) -> str:
    """Return the plain API key of a hand-off and remember that it was shown.

    Raises:
        NotFound: there is no such hand-off in the scope.
        CodeUsed: the key was wiped, because the device has it or a newer key replaced it.
    """
    handoff = (
        None if handoff_id is None else await session.get(SecretHandoff, handoff_id, with_for_update=True)
    )
    if handoff is None:
        raise NotFound(noun="key")
    if handoff.ciphertext is None:
        raise CodeUsed(noun="key")
    handoff.shown_at = func.now()
    return cipher.decrypt(handoff.ciphertext)
