"""What every part of the bot shares."""

from dataclasses import dataclass

from bot.api import BotApi
from bot.callbacks import CallbackSigner
from bot.content import Content
from bot.render import Renderer
from bot.sealing import Sealer
from bot.settings import BotSettings


@dataclass(frozen=True, slots=True)
class Parts:
    """The bot's parts, made once per process."""

    settings: BotSettings
    content: Content
    api: BotApi
    renderer: Renderer
    signer: CallbackSigner
    sealer: Sealer


def make_parts(settings: BotSettings, content: Content, renderer: Renderer | None = None) -> Parts:
    """Return the parts for these settings."""
    return Parts(
        settings=settings,
        content=content,
        api=BotApi(settings.token, settings.base_url, settings.base_file_url),
        renderer=renderer or Renderer(ui_url=settings.ui_url),
        signer=CallbackSigner(settings.secret_key),
        sealer=Sealer(settings.secret_key),
    )
