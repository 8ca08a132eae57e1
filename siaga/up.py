"""``siaga up``: the product on one machine, against real Telegram or whatever Bot API is set."""

import asyncio

from siaga.administration import first_link
from siaga.running import until
from siaga.settings import Settings
from siaga.stack.readiness import StackError
from siaga.stack.stack import Stack


async def up(settings: Settings, stop: asyncio.Event) -> int:
    """Bring everything up, say where it is, and stay until asked to stop.

    Raises:
        StackError: there is no bot token, or a part does not come up.
    """
    if not settings.telegram_token:
        msg = "TELEGRAM_TOKEN is not set. Get one from @BotFather, or run `siaga demo`, which needs none."
        raise StackError(msg)
    return await until(stop, _stay_up(settings))


async def _stay_up(settings: Settings) -> int:
    async with Stack(settings) as stack:
        addresses = stack.addresses
        print(f"API           {addresses.api}/api/v1/docs")
        if addresses.temporal_ui:
            print(f"Temporal UI   {addresses.temporal_ui}/namespaces/{settings.temporal_namespace}/workflows")
        if link := await first_link(stack.settings):
            print(f"Open this link once, in Telegram, to become the first super admin:\n  {link}")
        print("Siaga is up. Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()
    return 0
