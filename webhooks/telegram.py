"""Telegram's webhook: stored before it is acknowledged (DESIGN 6)."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response

from db.chat.updates import store
from domain.errors import NotSignedIn
from webhooks.state import Web
from webhooks.storable import Json

router = APIRouter(prefix="/telegram", tags=["telegram"])

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


@router.post("/webhook", summary="Receive an update", response_class=Response)
async def receive(
    web: Web, body: dict[str, Json], secret: Annotated[str, Header(alias=SECRET_HEADER)] = ""
) -> Response:
    """Any other answer than 200 makes Telegram deliver again: 503 while the database is gone."""
    expected = web.settings.telegram_webhook_secret
    if not expected or not hmac.compare_digest(secret.encode(), expected.encode()):
        raise NotSignedIn
    update: dict[str, Any] = dict(body)
    await store(web.settings.database, [update])
    return Response()
